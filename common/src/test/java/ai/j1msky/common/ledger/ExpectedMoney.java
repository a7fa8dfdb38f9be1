package ai.j1msky.common.ledger;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentEvent.AgentCancelled;
import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AttemptLost;
import ai.j1msky.common.agent.AgentEvent.AttemptStarted;
import ai.j1msky.common.agent.AgentEvent.CancelRequested;
import ai.j1msky.common.agent.AgentEvent.Ending;
import ai.j1msky.common.agent.AgentLog;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A second opinion on what one agent's money does, in micro-dollars by kind. It looks at the whole log at once and
/// shares nothing with the product: it searches for the event that ends each phase instead of keeping a state.
public final class ExpectedMoney {

    /// The same for all agents of these logs.
    public static final long HOLD = 600;

    private static final int LAST_ATTEMPT = 2;

    private final List<AgentEvent> events;

    private ExpectedMoney(List<AgentEvent> events) {
        this.events = events;
    }

    public static Map<LedgerKind, Long> of(AgentLog log) {
        Map<LedgerKind, Long> money = new EnumMap<>(LedgerKind.class);
        if (log.commands().isEmpty()) {
            return money;
        }
        money.put(LedgerKind.HELD, HOLD);
        End end = new ExpectedMoney(log.events()).waitingFor(1, 0);
        if (end != null) {
            long charged = Math.min(end.cost, HOLD);
            put(money, LedgerKind.CHARGED, charged);
            put(money, end.cancelled ? LedgerKind.REFUNDED : LedgerKind.RELEASED, HOLD - charged);
        }
        return money;
    }

    /// What the entries of the end must say of how the usage became known; null while there is no end.
    public static @Nullable Metering meteringOf(AgentLog log) {
        End end =
                log.commands().isEmpty() ? null : new ExpectedMoney(log.events()).waitingFor(1, 0);
        if (end == null) {
            return null;
        }
        return end.cost > HOLD ? Metering.CLAMPED : end.metering;
    }

    /// The price that every entry must show: that of the first command.
    public static Price priceOf(AgentLog log) {
        return priceOf(log.commands().getFirst());
    }

    private static Price priceOf(SpawnCommand command) {
        return new Price(command.attempt(), 10L * command.attempt());
    }

    /// The command with the hold and a price that are expected here; costs may be higher.
    public static SpawnCommand held(SpawnCommand command) {
        AgentOrder order = command.order();
        AgentOrder held =
                new AgentOrder(
                        order.agentId(),
                        order.accountId(),
                        order.keyId(),
                        order.livemode(),
                        order.model(),
                        order.priority(),
                        order.timeoutSeconds(),
                        Money.micros(HOLD),
                        priceOf(command),
                        order.created(),
                        order.idempotency());
        return new SpawnCommand(held, command.attempt(), command.task());
    }

    private static void put(Map<LedgerKind, Long> money, LedgerKind kind, long micros) {
        if (micros > 0) {
            money.put(kind, micros);
        }
    }

    private record End(long cost, Metering metering, boolean cancelled) {}

    private @Nullable End waitingFor(int attempt, int from) {
        int start = first(from, e -> e instanceof AttemptStarted s && s.attempt() == attempt);
        int cancel = first(from, CancelRequested.class::isInstance);
        int nobody = first(from, ExpectedMoney::isNobodys);
        int next = Math.min(start, Math.min(cancel, nobody));
        if (next == events.size()) {
            return null;
        }
        if (next == start) {
            return running(attempt, ((AttemptStarted) events.get(start)).workerId(), start + 1);
        }
        return next == cancel
                ? new End(0, Metering.REPORTED, true)
                : endedBy((Ending) events.get(nobody), false);
    }

    private @Nullable End running(int attempt, WorkerId worker, int from) {
        int lost =
                first(
                        from,
                        e ->
                                e instanceof AttemptLost l
                                        && l.attempt() == attempt
                                        && l.workerId().equals(worker));
        int ending =
                first(
                        from,
                        e ->
                                isNobodys(e)
                                        || e instanceof Ending end
                                                && end.attempt() == attempt
                                                && worker.equals(end.workerId()));
        int next = Math.min(lost, ending);
        if (next == events.size()) {
            return null;
        }
        boolean cancelled = first(from, CancelRequested.class::isInstance) < next;
        if (next == ending) {
            return endedBy((Ending) events.get(ending), cancelled);
        }
        if (cancelled) {
            return new End(0, Metering.REPORTED, true);
        }
        return attempt == LAST_ATTEMPT
                ? new End(0, Metering.REPORTED, false)
                : waitingFor(attempt + 1, lost + 1);
    }

    private static End endedBy(Ending ending, boolean cancelled) {
        return new End(
                ending.cost().micros(),
                ending.metering(),
                cancelled || ending instanceof AgentCancelled);
    }

    private static boolean isNobodys(AgentEvent event) {
        return event instanceof Ending ending
                && ending.attempt() == 0
                && !(ending instanceof AgentCompleted);
    }

    /// Where the first such event stands; behind the last when there is none.
    private int first(int from, Predicate<AgentEvent> wanted) {
        for (int at = from; at < events.size(); at++) {
            if (wanted.test(events.get(at))) {
                return at;
            }
        }
        return events.size();
    }
}
