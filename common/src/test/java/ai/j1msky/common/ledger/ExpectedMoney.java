package ai.j1msky.common.ledger;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentEvent.AgentCancelled;
import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AttemptLost;
import ai.j1msky.common.agent.AgentEvent.AttemptStarted;
import ai.j1msky.common.agent.AgentEvent.CallFailed;
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
        End end = new ExpectedMoney(log.events()).waitingFor(1, 0, null);
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
                log.commands().isEmpty()
                        ? null
                        : new ExpectedMoney(log.events()).waitingFor(1, 0, null);
        if (end == null) {
            return null;
        }
        return end.cost > HOLD ? Metering.CLAMPED : end.metering;
    }

    /// The price that entries of a kind must show: that of the first command, and once a call has moved on to another
    /// model, that model's.
    public static Price priceOf(AgentLog log, LedgerKind kind) {
        Price ordered = priceOf(log.commands().getFirst());
        if (kind == LedgerKind.HELD) {
            return ordered;
        }
        End end = new ExpectedMoney(log.events()).waitingFor(1, 0, null);
        return end == null || end.price == null ? ordered : end.price;
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

    private record End(long cost, Metering metering, boolean cancelled, @Nullable Price price) {}

    /// @param price of the last call that was made; null for the order's
    private @Nullable End waitingFor(int attempt, int from, @Nullable Price price) {
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
                ? new End(0, Metering.REPORTED, true, price)
                : endedBy((Ending) events.get(nobody), false, price);
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
        Price price = priceOfCalls(attempt, worker, from, next);
        boolean cancelled = first(from, CancelRequested.class::isInstance) < next;
        if (next == ending) {
            return endedBy((Ending) events.get(ending), cancelled, price);
        }
        if (cancelled) {
            return new End(0, Metering.REPORTED, true, price);
        }
        return attempt == LAST_ATTEMPT
                ? new End(0, Metering.REPORTED, false, price)
                : waitingFor(attempt + 1, lost + 1, price);
    }

    /// Of the last call between two places that was made after the one before it had failed.
    private @Nullable Price priceOfCalls(int attempt, WorkerId worker, int from, int to) {
        Price price = null;
        int call = 1;
        for (AgentEvent event : events.subList(from, to)) {
            if (event instanceof CallFailed failed
                    && failed.attempt() == attempt
                    && failed.workerId().equals(worker)
                    && failed.call() == call) {
                price = failed.nextPrice();
                call++;
            }
        }
        return price;
    }

    private static End endedBy(Ending ending, boolean cancelled, @Nullable Price price) {
        return new End(
                ending.cost().micros(),
                ending.metering(),
                cancelled || ending instanceof AgentCancelled,
                price);
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
