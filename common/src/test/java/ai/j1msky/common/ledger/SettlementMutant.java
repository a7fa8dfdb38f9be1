package ai.j1msky.common.ledger;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.agent.Attempt;
import ai.j1msky.common.agent.Outcome;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Mistakes that a settlement could make; the comparison has to find each.
enum SettlementMutant implements Settler {
    HOLDS_AGAIN_FOR_THE_NEXT_ATTEMPT {
        @Override
        public List<LedgerEntry> entries(AgentState before, AgentState after, Instant at) {
            boolean again = before.order() != null && after.commanded() > before.commanded();
            return Settler.real(again ? AgentState.UNKNOWN : before, after, at);
        }
    },
    SETTLES_WHENEVER_AN_ENDED_AGENT_IS_READ {
        @Override
        public List<LedgerEntry> entries(AgentState before, AgentState after, Instant at) {
            return Settler.real(unended(before), after, at);
        }
    },
    FORGETS_THE_HOLD_OF_AN_END_READ_BEFORE_ITS_ORDER {
        @Override
        public List<LedgerEntry> entries(AgentState before, AgentState after, Instant at) {
            List<LedgerEntry> real = Settler.real(before, after, at);
            return before.isTerminal() && before.order() == null
                    ? real.stream().filter(e -> e.kind() == LedgerKind.HELD).toList()
                    : real;
        }
    },
    NAMES_THE_ORDERS_PRICE_WHOEVER_ANSWERED {
        @Override
        public List<LedgerEntry> entries(AgentState before, AgentState after, Instant at) {
            AgentOrder order = after.order();
            return Settler.real(before, after, at).stream()
                    .map(e -> order == null ? e : with(e, e.metering(), order.price()))
                    .toList();
        }
    },
    KEEPS_THE_REST {
        @Override
        public List<LedgerEntry> entries(AgentState before, AgentState after, Instant at) {
            return Settler.real(before, after, at).stream()
                    .filter(e -> e.kind() != LedgerKind.RELEASED)
                    .toList();
        }
    },
    CHARGES_MORE_THAN_THE_HOLD {
        @Override
        public List<LedgerEntry> entries(AgentState before, AgentState after, Instant at) {
            Outcome outcome = after.outcome();
            return Settler.real(before, after, at).stream()
                    .map(
                            e ->
                                    e.kind() == LedgerKind.CHARGED && outcome != null
                                            ? with(e, e.kind(), outcome.cost())
                                            : e)
                    .toList();
        }
    },
    REFUNDS_WHAT_FAILED {
        @Override
        public List<LedgerEntry> entries(AgentState before, AgentState after, Instant at) {
            boolean failed = after.status() == AgentStatus.FAILED;
            return Settler.real(before, after, at).stream()
                    .map(
                            e ->
                                    failed && e.kind() == LedgerKind.RELEASED
                                            ? with(e, LedgerKind.REFUNDED, e.amount())
                                            : e)
                    .toList();
        }
    },
    CHARGES_A_LOST_ATTEMPT {
        @Override
        public List<LedgerEntry> entries(AgentState before, AgentState after, Instant at) {
            List<LedgerEntry> entries = new ArrayList<>(Settler.real(before, after, at));
            boolean lost =
                    after.latest().filter(a -> a.status() == Attempt.Status.LOST).isPresent();
            if (lost && before.running().isPresent() && !entries.isEmpty()) {
                LedgerEntry rest = entries.removeLast();
                entries.add(with(rest, LedgerKind.CHARGED, Money.micros(1)));
                entries.add(with(rest, rest.kind(), rest.amount().minus(Money.micros(1))));
            }
            return entries;
        }
    },
    DOES_NOT_FLAG_WHAT_IT_CUTS_TO_THE_HOLD {
        @Override
        public List<LedgerEntry> entries(AgentState before, AgentState after, Instant at) {
            Outcome outcome = after.outcome();
            return Settler.real(before, after, at).stream()
                    .map(
                            e ->
                                    e.kind() == LedgerKind.CHARGED && outcome != null
                                            ? with(e, outcome.metering(), e.price())
                                            : e)
                    .toList();
        }
    },
    TAKES_EVERY_USAGE_FOR_REPORTED {
        @Override
        public List<LedgerEntry> entries(AgentState before, AgentState after, Instant at) {
            return Settler.real(before, after, at).stream()
                    .map(
                            e ->
                                    e.metering() == Metering.CLAMPED
                                            ? e
                                            : with(e, Metering.REPORTED, e.price()))
                    .toList();
        }
    },
    SHOWS_NO_PRICE_FOR_THE_REST {
        @Override
        public List<LedgerEntry> entries(AgentState before, AgentState after, Instant at) {
            return Settler.real(before, after, at).stream()
                    .map(
                            e ->
                                    e.kind() == LedgerKind.HELD || e.kind() == LedgerKind.CHARGED
                                            ? e
                                            : with(e, e.metering(), null))
                    .toList();
        }
    };

    private static AgentState unended(AgentState state) {
        return new AgentState(
                state.order(),
                state.commanded(),
                state.attempts(),
                state.cancelRequested(),
                null,
                null,
                null);
    }

    private static LedgerEntry with(LedgerEntry entry, LedgerKind kind, Money amount) {
        return with(entry, kind, amount, entry.metering(), entry.price());
    }

    private static LedgerEntry with(LedgerEntry entry, Metering metering, @Nullable Price price) {
        return with(entry, entry.kind(), entry.amount(), metering, price);
    }

    private static LedgerEntry with(
            LedgerEntry entry,
            LedgerKind kind,
            Money amount,
            Metering metering,
            @Nullable Price price) {
        return new LedgerEntry(
                entry.accountId(),
                entry.agentId(),
                entry.keyId(),
                kind,
                amount,
                entry.model(),
                entry.provider(),
                entry.attempt(),
                entry.usage(),
                metering,
                price,
                entry.at());
    }
}
