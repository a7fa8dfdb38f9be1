package ai.j1msky.common.ledger;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.agent.Attempt;
import ai.j1msky.common.agent.Outcome;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one function that turns a step of an agent's life into money. What an agent's order says is held when the order
/// becomes known; what its end says is charged, and the rest given back, when both are known. A step that brings
/// neither moves nothing, so whatever [ai.j1msky.common.agent.AgentLife] ignores costs nothing, however often it is
/// read.
///
/// A team moves nothing itself: its steps do.
///
/// Amounts of nothing are not written: agents of the sandbox leave no entries.
public final class Settlement {

    private Settlement() {}

    /// The entries of the step from one state to the next.
    ///
    /// @param at when the log took the record that made the step
    public static List<LedgerEntry> entries(AgentState before, AgentState after, Instant at) {
        AgentOrder order = after.order();
        if (order == null || order.team() != null) {
            return List.of();
        }
        List<LedgerEntry> entries = new ArrayList<>();
        if (before.order() == null) {
            add(
                    entries,
                    LedgerKind.HELD,
                    order.hold(),
                    order,
                    null,
                    Usage.NONE,
                    Metering.REPORTED,
                    at);
        }
        Outcome outcome = after.outcome();
        if (outcome != null && !isSettled(before)) {
            Attempt attempt = after.latest().orElse(null);
            Money charged = outcome.cost().atMost(order.hold());
            Metering metering =
                    outcome.cost().equals(charged) ? outcome.metering() : Metering.CLAMPED;
            LedgerKind rest =
                    outcome.status() == AgentStatus.CANCELLED
                            ? LedgerKind.REFUNDED
                            : LedgerKind.RELEASED;
            Usage usage = outcome.usage();
            add(entries, LedgerKind.CHARGED, charged, order, attempt, usage, metering, at);
            add(entries, rest, order.hold().minus(charged), order, attempt, usage, metering, at);
        }
        return entries;
    }

    /// Whether all money of that agent has moved.
    public static boolean isSettled(AgentState state) {
        return state.order() != null && state.isTerminal();
    }

    private static void add(
            List<LedgerEntry> entries,
            LedgerKind kind,
            Money amount,
            AgentOrder order,
            @Nullable Attempt attempt,
            Usage usage,
            Metering metering,
            Instant at) {
        if (!amount.equals(Money.ZERO)) {
            entries.add(
                    new LedgerEntry(
                            order.accountId(),
                            order.agentId(),
                            order.keyId(),
                            kind,
                            amount,
                            attempt == null ? order.model() : attempt.model(),
                            attempt == null ? null : attempt.provider(),
                            attempt == null ? 0 : attempt.number(),
                            usage,
                            metering,
                            attempt == null || attempt.price() == null
                                    ? order.price()
                                    : attempt.price(),
                            at));
        }
    }
}
