package ai.j1msky.gateway;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentResult;
import ai.j1msky.common.agent.Deferral;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.agent.IdempotencyMark;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.id.NodeId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.ledger.Balance;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.seal.DataKey;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.gateway.view.AgentViews.SpawnLimits;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An agent that a test plays: its order and every record that can be written about it. Its task is sealed once, as
/// in the product: a command that is sent again carries the same bytes.
public record TestAgent(AgentOrder order, DataKey key, WrappedKey wrapped, SealedText sealedTask) {

    public static final AccountId ACCOUNT = new AccountId("main");
    public static final KeyId KEY = new KeyId("key_test");
    public static final Money HOLD = Money.micros(50_000);
    public static final Price PRICE = new Price(600_000, 3_000_000);
    private static final SecureRandom RANDOM = new SecureRandom();

    public static TestAgent create() {
        return create("task");
    }

    public static TestAgent create(String task) {
        return of(ACCOUNT, KEY, "k2p5", task, 60, now(), null);
    }

    public static TestAgent of(
            AccountId account,
            KeyId key,
            String model,
            String task,
            int timeoutSeconds,
            Instant created,
            @Nullable IdempotencyMark mark) {
        AgentId id = AgentId.mint(created, RANDOM);
        DataKey dataKey = DataKey.mint();
        AgentOrder order =
                new AgentOrder(
                        id,
                        account,
                        key,
                        true,
                        model,
                        Priority.NORMAL,
                        timeoutSeconds,
                        HOLD,
                        PRICE,
                        created,
                        mark);
        return create(order, dataKey, TestKeys.MASTER.wrap(dataKey, id), task);
    }

    /// The agent that a gateway has accepted, told from its view.
    public static TestAgent accepted(AgentOrder order, String wrapped, String task) {
        WrappedKey dataKey = new WrappedKey(wrapped);
        return create(order, TestKeys.MASTER.unwrap(dataKey, order.agentId()), dataKey, task);
    }

    private static TestAgent create(
            AgentOrder order, DataKey key, WrappedKey wrapped, String task) {
        SealedText sealed = key.seal(order.agentId(), SpawnCommand.TASK_FIELD, task);
        return new TestAgent(order, key, wrapped, sealed);
    }

    /// Limits that no test reaches by accident.
    public static SpawnLimits limits(int concurrency) {
        Money most = Money.micros(1_000_000_000);
        return new SpawnLimits(concurrency, most, new BudgetTerms(most, most, List.of()), null);
    }

    /// An account's own balance as of today.
    public static Balance balance(AccountId account, long heldMicros, long spentMicros) {
        return new Balance(
                account,
                Balance.WHOLE,
                Money.micros(heldMicros),
                LocalDate.now(ZoneOffset.UTC),
                Money.micros(spentMicros),
                Money.micros(spentMicros),
                0,
                0,
                Map.of(),
                now());
    }

    public static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    public static WorkerId worker() {
        return WorkerId.mint(new NodeId("pi-1"), RANDOM);
    }

    public AgentId id() {
        return order.agentId();
    }

    public AccountId account() {
        return order.accountId();
    }

    public SpawnCommand command() {
        return new SpawnCommand(order, 1, sealedTask);
    }

    public DataKeyEntry dataKey() {
        return new DataKeyEntry(
                id(),
                account(),
                wrapped,
                order.created(),
                order.readableUntil(Duration.ofDays(30)),
                null);
    }

    public AgentEvent started(int attempt, WorkerId worker) {
        return new AgentEvent.AttemptStarted(
                id(), account(), attempt, worker, order.model(), "kimi", null, now());
    }

    public AgentEvent deferred(int attempt, WorkerId worker, Duration wait) {
        return new AgentEvent.AttemptDeferred(
                id(),
                account(),
                attempt,
                worker,
                Deferral.Reason.PROVIDER_BUDGET,
                wait.toMillis(),
                now());
    }

    public AgentEvent lost(int attempt, WorkerId worker) {
        return new AgentEvent.AttemptLost(id(), account(), attempt, worker, now());
    }

    public AgentEvent cancelRequested() {
        return new AgentEvent.CancelRequested(id(), account(), now());
    }

    public AgentEvent completed(int attempt, WorkerId worker, String text, long costMicros) {
        AgentResult result = new AgentResult(text, "in short", List.of("an issue"), false);
        String json = WireJson.MAPPER.writeValueAsString(result);
        return new AgentEvent.AgentCompleted(
                id(),
                account(),
                attempt,
                worker,
                new Usage(10, 20),
                Metering.REPORTED,
                Money.micros(costMicros),
                false,
                key.seal(id(), AgentEvent.RESULT_FIELD, json),
                null,
                now());
    }

    /// The end of an agent that nobody runs.
    public static AgentEvent givenUp(AgentOrder order) {
        return new AgentEvent.AgentFailed(
                order.agentId(),
                order.accountId(),
                0,
                null,
                FailureReason.QUEUE_EXPIRED,
                Usage.NONE,
                Metering.REPORTED,
                Money.ZERO,
                now());
    }

    public AgentEvent failed(int attempt, @Nullable WorkerId worker, long costMicros) {
        return new AgentEvent.AgentFailed(
                id(),
                account(),
                attempt,
                worker,
                new FailureReason("provider_error", "The provider refused. Retry."),
                new Usage(10, 0),
                Metering.REPORTED,
                Money.micros(costMicros),
                now());
    }

    public AgentEvent cancelled(int attempt, WorkerId worker, long costMicros) {
        return new AgentEvent.AgentCancelled(
                id(),
                account(),
                attempt,
                worker,
                new Usage(10, 5),
                Metering.ESTIMATED,
                Money.micros(costMicros),
                now());
    }
}
