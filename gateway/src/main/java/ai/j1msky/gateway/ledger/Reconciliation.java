package ai.j1msky.gateway.ledger;

import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.LedgerKind;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Adds one account's ledger up, in its order: the sums of each kind, and beside them, agent by agent, what is still
/// held and what is wrong. Pure.
///
/// Keeps the agents that are open, and the [#ENDED_KEPT] that ended last: an entry that is there once more after so many
/// others have ended counts as that of another agent, which then does not add up.
final class Reconciliation {

    static final int ENDED_KEPT = 20_000;

    private final Map<LedgerKind, Long> sums = new EnumMap<>(LedgerKind.class);
    private final Map<AgentId, AgentMoney> open = new HashMap<>();
    private final Map<AgentId, AgentMoney> ended = new LinkedHashMap<>();
    private long agents;
    private long entries;
    private long unreadable;
    private long wrong;
    private long wrongAgents;

    /// What a ledger adds up to, in micro-dollars.
    ///
    /// @param open what is held for agents that have no end on the ledger, found by looking at each
    /// @param difference what was held and is neither given back nor open; where that is nothing and single agents are
    ///     wrong all the same, the sum of what is wrong with them. 0 only when everything is right
    /// @param wrongAgents how many agents have an entry twice or an end that is not what was held
    /// @param unreadable records of the account that nobody can read; they are in no sum
    /// @param oldestOpen since when the agent is open that is open longest; null when none is
    record Result(
            long held,
            long charged,
            long released,
            long refunded,
            long open,
            long difference,
            long agents,
            long entries,
            long wrongAgents,
            long unreadable,
            @Nullable Instant oldestOpen) {}

    void add(LedgerEntry entry) {
        entries++;
        sums.merge(entry.kind(), entry.amount().micros(), Math::addExact);
        AgentId id = entry.agentId();
        AgentMoney money = ended.get(id);
        if (money == null) {
            money = open.get(id);
        }
        if (money == null) {
            agents++;
            money = new AgentMoney();
            open.put(id, money);
        }
        money.add(entry);
        if (entry.kind() != LedgerKind.HELD && open.remove(id) != null) {
            ended.put(id, money);
            forgetEldest();
        }
    }

    void unreadable() {
        unreadable++;
    }

    private void forgetEldest() {
        if (ended.size() > ENDED_KEPT) {
            Iterator<AgentMoney> eldest = ended.values().iterator();
            judge(eldest.next().wrongEnded());
            eldest.remove();
        }
    }

    private void judge(long micros) {
        if (micros > 0) {
            wrong = Math.addExact(wrong, micros);
            wrongAgents++;
        }
    }

    /// The end of the ledger. Nothing can be added after it.
    Result finish() {
        ended.values().forEach(money -> judge(money.wrongEnded()));
        long stillHeld = 0;
        Instant oldest = null;
        for (AgentMoney money : open.values()) {
            judge(money.wrongOpen());
            stillHeld = Math.addExact(stillHeld, money.held());
            Instant since = money.heldAt();
            if (since != null && (oldest == null || since.isBefore(oldest))) {
                oldest = since;
            }
        }
        long held = sum(LedgerKind.HELD);
        long charged = sum(LedgerKind.CHARGED);
        long released = sum(LedgerKind.RELEASED);
        long refunded = sum(LedgerKind.REFUNDED);
        long missing = held - charged - released - refunded - stillHeld;
        return new Result(
                held,
                charged,
                released,
                refunded,
                stillHeld,
                missing == 0 ? wrong : missing,
                agents,
                entries,
                wrongAgents,
                unreadable,
                oldest);
    }

    private long sum(LedgerKind kind) {
        return sums.getOrDefault(kind, 0L);
    }
}
