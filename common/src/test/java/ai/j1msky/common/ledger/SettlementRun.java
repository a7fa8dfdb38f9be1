package ai.j1msky.common.ledger;

import ai.j1msky.common.agent.AgentLife;
import ai.j1msky.common.agent.AgentLog;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.money.Metering;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Reads one log as billing does and compares the money that moves with [ExpectedMoney]: commands and events in a random
/// order relative to each other, and then once more what was read already.
final class SettlementRun {

    private static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");

    private final Settler settler;

    SettlementRun(Settler settler) {
        this.settler = settler;
    }

    /// What is wrong, or empty.
    Optional<String> mistake(AgentLog log) {
        try {
            return compare(log);
        } catch (IllegalArgumentException negative) {
            return Optional.of("more left than was held" + of(log));
        }
    }

    private Optional<String> compare(AgentLog log) {
        AgentState state = AgentState.UNKNOWN;
        LedgerSums sums = LedgerSums.NONE;
        Map<LedgerKind, Long> moved = new EnumMap<>(LedgerKind.class);
        for (LogEntry record : reading(log)) {
            AgentState after = AgentLife.apply(state, record);
            for (LedgerEntry entry : settler.entries(state, after, AT)) {
                if (moved.put(entry.kind(), entry.amount().micros()) != null) {
                    return Optional.of(entry.kind() + " twice" + of(log));
                }
                sums = sums.plus(entry.kind(), entry.amount());
                if (!ExpectedMoney.priceOf(log, entry.kind()).equals(entry.price())) {
                    return Optional.of(entry.kind() + " at " + entry.price() + of(log));
                }
                Metering metering =
                        entry.kind() == LedgerKind.HELD
                                ? Metering.REPORTED
                                : ExpectedMoney.meteringOf(log);
                if (entry.metering() != metering) {
                    return Optional.of(entry.kind() + " " + entry.metering() + of(log));
                }
            }
            state = after;
            long open = micros(moved, LedgerKind.HELD) - given(moved);
            boolean isRight = open == (isOpen(state) ? ExpectedMoney.HOLD : 0);
            if (!isRight || sums.open().micros() != open) {
                return Optional.of("open is " + open + of(log));
            }
        }
        Map<LedgerKind, Long> expected = ExpectedMoney.of(log);
        return moved.equals(expected)
                ? Optional.empty()
                : Optional.of(moved + " instead of " + expected + of(log));
    }

    private static boolean isOpen(AgentState state) {
        return state.order() != null && !state.isTerminal();
    }

    private static long given(Map<LedgerKind, Long> moved) {
        return micros(moved, LedgerKind.CHARGED)
                + micros(moved, LedgerKind.RELEASED)
                + micros(moved, LedgerKind.REFUNDED);
    }

    private static long micros(Map<LedgerKind, Long> moved, LedgerKind kind) {
        return moved.getOrDefault(kind, 0L);
    }

    private static String of(AgentLog log) {
        return " (seed " + log.seed() + ", causal " + log.causal() + ")";
    }

    private static List<LogEntry> reading(AgentLog log) {
        Random random = new Random(log.seed());
        List<LogEntry> read = new ArrayList<>(log.events());
        int from = 0;
        for (SpawnCommand command : log.commands()) {
            from += random.nextInt(read.size() - from + 1);
            // Behind it, for commands keep their order: the first one's order counts.
            read.add(from++, ExpectedMoney.held(command));
        }
        if (log.causal()) {
            // Only such a log may be read again without harm (AgentLife).
            read.addAll(List.copyOf(read));
        }
        return read;
    }
}
