package ai.j1msky.common.agent;

import static ai.j1msky.common.agent.Entries.NOON;
import static ai.j1msky.common.agent.Entries.ONE;
import static ai.j1msky.common.agent.Entries.TWO;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each rule by one example; [AgentLifePropertyTest] tries their combinations.
class AgentLifeTest {

    private static AgentState after(LogEntry... entries) {
        AgentState state = AgentState.UNKNOWN;
        for (LogEntry entry : entries) {
            state = Fold.real(state, entry);
        }
        return state;
    }

    private static Outcome endOf(AgentState state) {
        return requireNonNull(state.outcome(), "outcome");
    }

    private static List<Attempt.Status> attemptsOf(AgentState state) {
        return state.attempts().stream().map(Attempt::status).toList();
    }

    @Test
    void aCommandedAgentIsSpawning() {
        AgentState state = after(Entries.command(1));

        assertThat(state.status()).isEqualTo(AgentStatus.SPAWNING);
        assertThat(state.order()).isEqualTo(Entries.command(1).order());
        assertThat(state.started()).isNull();
    }

    @Test
    void aStartedAttemptIsRunning() {
        AgentState state = after(Entries.command(1), Entries.started(1, ONE, NOON));

        assertThat(state.status()).isEqualTo(AgentStatus.RUNNING);
        assertThat(state.started()).isEqualTo(NOON);
        assertThat(state.cost()).isEqualTo(Money.ZERO);
    }

    @Test
    void eventsCountBeforeTheCommandIsRead() {
        AgentState state = after(Entries.started(1, ONE, NOON), Entries.command(1));

        assertThat(state)
                .isEqualTo(after(Entries.command(1), Entries.started(1, ONE, NOON)))
                .extracting(AgentState::status)
                .isEqualTo(AgentStatus.RUNNING);
    }

    @Test
    void theRunnersAnswerCompletesTheAgentAndIsCharged() {
        AgentState state =
                after(
                        Entries.command(1),
                        Entries.started(1, ONE, NOON),
                        Entries.completed(1, ONE, 42, NOON.plusSeconds(3)));

        assertThat(state.outcome())
                .isEqualTo(
                        new Outcome(
                                AgentStatus.COMPLETED,
                                null,
                                Entries.USAGE,
                                Metering.REPORTED,
                                Money.micros(42),
                                null,
                                NOON.plusSeconds(3)));
        assertThat(attemptsOf(state)).containsExactly(Attempt.Status.COMPLETED);
    }

    @Test
    void ofTwoWorkersThatStartTheSameAttemptTheFirstRunsIt() {
        AgentState state =
                after(
                        Entries.started(1, ONE, NOON),
                        Entries.started(1, TWO, NOON),
                        Entries.completed(1, TWO, 42, NOON));

        assertThat(state.running().orElseThrow().workerId()).isEqualTo(ONE);
        assertThat(state.attempts()).hasSize(1);
    }

    @Test
    void aLostAttemptCostsNothingAndAsksForTheNext() {
        AgentState state =
                after(
                        Entries.command(1),
                        Entries.started(1, ONE, NOON),
                        Entries.lost(1, ONE, NOON));

        assertThat(state.status()).isEqualTo(AgentStatus.RUNNING);
        assertThat(state.needsNextAttempt()).isTrue();
        assertThat(state.attempts().getFirst().cost()).isEqualTo(Money.ZERO);
    }

    @Test
    void onceTheNextAttemptIsCommandedNobodyAsksAgain() {
        AgentState state =
                after(
                        Entries.command(1),
                        Entries.started(1, ONE, NOON),
                        Entries.lost(1, ONE, NOON),
                        Entries.command(2));

        assertThat(state.needsNextAttempt()).isFalse();
    }

    @Test
    void aLostAttemptsLateAnswerIsSuperseded() {
        AgentState state =
                after(
                        Entries.started(1, ONE, NOON),
                        Entries.lost(1, ONE, NOON),
                        Entries.completed(1, ONE, 42, NOON),
                        Entries.started(2, TWO, NOON),
                        Entries.completed(2, TWO, 7, NOON));

        assertThat(state.cost()).isEqualTo(Money.micros(7));
        assertThat(attemptsOf(state))
                .containsExactly(Attempt.Status.LOST, Attempt.Status.COMPLETED);
    }

    @Test
    void theLossOfTheLastAttemptFailsTheAgent() {
        AgentState state =
                after(
                        Entries.started(1, ONE, NOON),
                        Entries.lost(1, ONE, NOON),
                        Entries.started(2, TWO, NOON),
                        Entries.lost(2, TWO, NOON.plusSeconds(9)));

        assertThat(state.outcome())
                .isEqualTo(
                        new Outcome(
                                AgentStatus.FAILED,
                                FailureReason.WORKER_LOST,
                                Usage.NONE,
                                Metering.REPORTED,
                                Money.ZERO,
                                null,
                                NOON.plusSeconds(9)));
    }

    @Test
    void theLossOfAnAttemptThatAnotherWorkerRunsIsIgnored() {
        AgentState state = after(Entries.started(1, ONE, NOON), Entries.lost(1, TWO, NOON));

        assertThat(state.running()).isPresent();
    }

    @Test
    void aCancelBeforeTheStartEndsAtOnce() {
        AgentState state =
                after(
                        Entries.command(1),
                        Entries.cancelRequested(NOON),
                        Entries.started(1, ONE, NOON));

        assertThat(state.status()).isEqualTo(AgentStatus.CANCELLED);
        assertThat(state.attempts()).isEmpty();
    }

    @Test
    void aCancelBetweenTwoAttemptsEndsAtOnce() {
        AgentState state =
                after(
                        Entries.started(1, ONE, NOON),
                        Entries.lost(1, ONE, NOON),
                        Entries.cancelRequested(NOON));

        assertThat(state.status()).isEqualTo(AgentStatus.CANCELLED);
        assertThat(state.cost()).isEqualTo(Money.ZERO);
    }

    @Test
    void aCancelOfARunningAgentWaitsForItsWorker() {
        AgentState asked = after(Entries.started(1, ONE, NOON), Entries.cancelRequested(NOON));

        assertThat(asked.status()).isEqualTo(AgentStatus.RUNNING);
        assertThat(asked.cancelRequested()).isTrue();
    }

    @Test
    void aCancelThatCameFirstWinsOverTheAnswerAndItsUsageIsCharged() {
        AgentState state =
                after(
                        Entries.started(1, ONE, NOON),
                        Entries.cancelRequested(NOON),
                        Entries.completed(1, ONE, 42, NOON));

        assertThat(state.status()).isEqualTo(AgentStatus.CANCELLED);
        assertThat(state.cost()).isEqualTo(Money.micros(42));
        assertThat(state.cancelRequested()).isFalse();
    }

    @Test
    void aCancelThatCameSecondFindsTheAgentCompleted() {
        AgentState state =
                after(
                        Entries.started(1, ONE, NOON),
                        Entries.completed(1, ONE, 42, NOON),
                        Entries.cancelRequested(NOON));

        assertThat(state.status()).isEqualTo(AgentStatus.COMPLETED);
    }

    @Test
    void aCancelIsDoneWhenItsWorkerIsLost() {
        AgentState state =
                after(
                        Entries.started(1, ONE, NOON),
                        Entries.cancelRequested(NOON),
                        Entries.lost(1, ONE, NOON));

        assertThat(state.status()).isEqualTo(AgentStatus.CANCELLED);
        assertThat(attemptsOf(state)).containsExactly(Attempt.Status.LOST);
    }

    @Test
    void aCancelThatNobodyAnsweredIsEndedByNobody() {
        AgentState state =
                after(
                        Entries.started(1, ONE, NOON),
                        Entries.cancelRequested(NOON),
                        Entries.givenUp(NOON));

        assertThat(state.status()).isEqualTo(AgentStatus.CANCELLED);
        assertThat(attemptsOf(state)).containsExactly(Attempt.Status.CANCELLED);
    }

    @Test
    void anExpiredQueueFailsAnAgentThatNeverStarted() {
        AgentState state = after(Entries.command(1), Entries.expired(NOON));

        assertThat(state.status()).isEqualTo(AgentStatus.FAILED);
        assertThat(endOf(state).error()).isEqualTo(FailureReason.QUEUE_EXPIRED);
    }

    @Test
    void nobodyCannotCompleteAnAgent() {
        AgentState state = after(Entries.command(1), Entries.completed(0, ONE, 42, NOON));

        assertThat(state.status()).isEqualTo(AgentStatus.SPAWNING);
        assertThat(state.cost()).isEqualTo(Money.ZERO);
    }

    @Test
    void aFailureOfTheRunnerKeepsItsReason() {
        AgentState state = after(Entries.started(1, ONE, NOON), Entries.failed(1, ONE, 5, NOON));

        assertThat(endOf(state).error()).isEqualTo(FailureReason.TIMEOUT);
        assertThat(attemptsOf(state)).containsExactly(Attempt.Status.FAILED);
    }

    @Test
    void aWorkersClockThatIsBehindDoesNotEndAnAgentBeforeItsStart() {
        AgentState state =
                after(
                        Entries.started(1, ONE, NOON),
                        Entries.completed(1, ONE, 42, NOON.minusSeconds(90)));

        assertThat(endOf(state).at()).isEqualTo(NOON);
    }

    @Test
    void anAttemptThatSkipsANumberIsIgnored() {
        assertThat(after(Entries.started(2, ONE, NOON))).isEqualTo(AgentState.UNKNOWN);
    }

    @Test
    void aFailedCallMovesTheAttemptOnToTheNextModel() {
        AgentState state =
                after(
                        Entries.command(1),
                        Entries.started(1, ONE, NOON),
                        Entries.callFailed(1, ONE, 1, NOON.plusSeconds(2)),
                        Entries.callFailed(1, TWO, 2, NOON.plusSeconds(3)),
                        Entries.callFailed(1, ONE, 3, NOON.plusSeconds(3)));

        Attempt attempt = state.running().orElseThrow();
        assertThat(attempt.model()).isEqualTo("sonnet");
        assertThat(attempt.provider()).isEqualTo("anthropic");
        assertThat(attempt.price()).isEqualTo(Entries.DEARER);
        assertThat(attempt.started()).isEqualTo(NOON);
        assertThat(attempt.callStarted()).isEqualTo(NOON.plusSeconds(2));
        assertThat(attempt.failedCalls())
                .containsExactly(
                        new FailedCall(
                                "k2p5", "kimi", "provider_unavailable", NOON.plusSeconds(2)));
    }

    @Test
    void anAttemptIsPutOffUntilItStarts() {
        AgentState waiting = after(Entries.command(1), Entries.deferred(1, ONE, NOON));

        assertThat(waiting.status()).isEqualTo(AgentStatus.SPAWNING);
        assertThat(requireNonNull(waiting.deferred()).blockedBy())
                .isEqualTo(Deferral.Reason.PROVIDER_BUDGET);
        assertThat(Fold.real(waiting, Entries.started(1, TWO, NOON)).deferred()).isNull();
        assertThat(Fold.real(waiting, Entries.cancelRequested(NOON)).status())
                .isEqualTo(AgentStatus.CANCELLED);
    }

    @Test
    void ofTwoDeferralsTheLaterCounts() {
        AgentState state =
                after(
                        Entries.deferred(1, ONE, NOON),
                        Entries.deferred(1, TWO, NOON.plusSeconds(9)),
                        Entries.deferred(1, ONE, NOON.plusSeconds(1)));

        assertThat(requireNonNull(state.deferred()).at()).isEqualTo(NOON.plusSeconds(9));
    }
}
