package ai.j1msky.gateway.ledger;

import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.LedgerKind;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a ledger says of one agent, in micro-dollars: the first entry of each kind counts, a further one is wrong.
final class AgentMoney {

    private final Set<LedgerKind> kinds = EnumSet.noneOf(LedgerKind.class);
    private long held;
    private long given;
    private long repeated;
    private @Nullable Instant heldAt;

    void add(LedgerEntry entry) {
        long micros = entry.amount().micros();
        if (!kinds.add(entry.kind())) {
            repeated = Math.addExact(repeated, micros);
        } else if (entry.kind() == LedgerKind.HELD) {
            held = micros;
            heldAt = entry.at();
        } else {
            given = Math.addExact(given, micros);
        }
    }

    /// What was set aside for it.
    long held() {
        return held;
    }

    @Nullable Instant heldAt() {
        return heldAt;
    }

    /// How much is wrong, once it has ended: it is there again, or is not what was held.
    long wrongEnded() {
        return Math.addExact(repeated, Math.absExact(Math.subtractExact(held, given)));
    }

    /// How much is wrong while it is open: it is there again.
    long wrongOpen() {
        return repeated;
    }
}
