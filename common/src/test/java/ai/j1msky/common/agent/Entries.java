package ai.j1msky.common.agent;

import ai.j1msky.common.agent.AgentEvent.AgentCancelled;
import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AgentFailed;
import ai.j1msky.common.agent.AgentEvent.AttemptDeferred;
import ai.j1msky.common.agent.AgentEvent.AttemptLost;
import ai.j1msky.common.agent.AgentEvent.AttemptStarted;
import ai.j1msky.common.agent.AgentEvent.CallFailed;
import ai.j1msky.common.agent.AgentEvent.CancelRequested;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.seal.SealedText;
import java.time.Instant;

/// Records of one agent, with everything that does not matter filled in.
final class Entries {

    static final AgentId AGENT = new AgentId("subagent_1234567890_482915730164");
    static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    static final WorkerId ONE = new WorkerId("worker-1~aaaaaaaa");
    static final WorkerId TWO = new WorkerId("worker-2~bbbbbbbb");
    static final Price PRICE = new Price(600_000, 3_000_000);
    static final Price DEARER = new Price(3_000_000, 15_000_000);
    static final Usage USAGE = new Usage(100, 20);

    private static final SealedText SEALED = new SealedText("1.AAAA");

    private Entries() {}

    static SpawnCommand command(int attempt) {
        return new SpawnCommand(
                new AgentOrder(
                        AGENT,
                        AccountId.MAIN,
                        new KeyId("key_a"),
                        true,
                        "k2p5",
                        Priority.NORMAL,
                        300,
                        Money.micros(1_000),
                        PRICE,
                        NOON,
                        null),
                attempt,
                SEALED);
    }

    static AttemptStarted started(int attempt, WorkerId worker, Instant at) {
        return new AttemptStarted(AGENT, AccountId.MAIN, attempt, worker, "k2p5", "kimi", null, at);
    }

    static CallFailed callFailed(int attempt, WorkerId worker, int call, Instant at) {
        return new CallFailed(
                AGENT,
                AccountId.MAIN,
                attempt,
                worker,
                call,
                "provider_unavailable",
                "sonnet",
                "anthropic",
                DEARER,
                at);
    }

    static AttemptDeferred deferred(int attempt, WorkerId worker, Instant at) {
        return new AttemptDeferred(
                AGENT, AccountId.MAIN, attempt, worker, Deferral.Reason.PROVIDER_BUDGET, 5_000, at);
    }

    static AttemptLost lost(int attempt, WorkerId worker, Instant at) {
        return new AttemptLost(AGENT, AccountId.MAIN, attempt, worker, at);
    }

    static CancelRequested cancelRequested(Instant at) {
        return new CancelRequested(AGENT, AccountId.MAIN, at);
    }

    static AgentCompleted completed(int attempt, WorkerId worker, long micros, Instant at) {
        return completed(attempt, worker, Metering.REPORTED, micros, at);
    }

    static AgentFailed failed(int attempt, WorkerId worker, long micros, Instant at) {
        return failed(attempt, worker, Metering.REPORTED, micros, at);
    }

    static AgentCancelled cancelled(int attempt, WorkerId worker, long micros, Instant at) {
        return cancelled(attempt, worker, Metering.REPORTED, micros, at);
    }

    static AgentCompleted completed(
            int attempt, WorkerId worker, Metering metering, long micros, Instant at) {
        return new AgentCompleted(
                AGENT,
                AccountId.MAIN,
                attempt,
                worker,
                USAGE,
                metering,
                Money.micros(micros),
                false,
                SEALED,
                null,
                at);
    }

    static AgentFailed failed(
            int attempt, WorkerId worker, Metering metering, long micros, Instant at) {
        return new AgentFailed(
                AGENT,
                AccountId.MAIN,
                attempt,
                worker,
                FailureReason.TIMEOUT,
                USAGE,
                metering,
                Money.micros(micros),
                at);
    }

    static AgentCancelled cancelled(
            int attempt, WorkerId worker, Metering metering, long micros, Instant at) {
        return new AgentCancelled(
                AGENT, AccountId.MAIN, attempt, worker, USAGE, metering, Money.micros(micros), at);
    }

    /// The queue or the deadline ran out: an ending that is nobody's.
    static AgentFailed expired(Instant at) {
        return new AgentFailed(
                AGENT,
                AccountId.MAIN,
                0,
                null,
                FailureReason.QUEUE_EXPIRED,
                Usage.NONE,
                Metering.REPORTED,
                Money.ZERO,
                at);
    }

    /// A cancel that no worker answered: an ending that is nobody's.
    static AgentCancelled givenUp(Instant at) {
        return new AgentCancelled(
                AGENT, AccountId.MAIN, 0, null, Usage.NONE, Metering.REPORTED, Money.ZERO, at);
    }
}
