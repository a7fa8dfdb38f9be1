package ai.j1msky.common.agent;

import ai.j1msky.common.agent.AgentEvent.AgentCancelled;
import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AgentFailed;
import ai.j1msky.common.agent.AgentEvent.AttemptDeferred;
import ai.j1msky.common.agent.AgentEvent.AttemptLost;
import ai.j1msky.common.agent.AgentEvent.AttemptStarted;
import ai.j1msky.common.agent.AgentEvent.CallFailed;
import ai.j1msky.common.agent.AgentEvent.CancelRequested;
import ai.j1msky.common.agent.AgentEvent.Ending;
import ai.j1msky.common.agent.AgentEvent.TeamCompleted;
import ai.j1msky.common.agent.AgentEvent.TeamStarted;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.pii.PiiCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The life of an agent: the one function that turns its records, in log order, into its state. Everybody who needs
/// to know how an agent stands folds with it, so all of them agree.
///
/// Three properties hold and are tested over random logs. A record that is read again changes nothing. Commands and
/// events stand on different partitions, so they may be read in any order relative to each other, with the same end.
/// And the first record that ends the agent wins: whatever comes later is superseded.
///
/// The first property takes a log on which nothing stands before its cause: a worker has its start acknowledged
/// before it reports on that attempt, and the next attempt starts after the last one's loss. The other two, and at
/// most [#MAX_ATTEMPTS] attempts, hold for any log.
///
/// A step that changes nothing returns the very same state object.
public final class AgentLife {

    /// An agent is run at most this often; the second run happens only when a worker was lost.
    public static final int MAX_ATTEMPTS = 2;

    private AgentLife() {}

    public static AgentState apply(AgentState state, SpawnCommand command) {
        if (state.order() != null && command.attempt() <= state.commanded()) {
            return state;
        }
        AgentOrder order = state.order() != null ? state.order() : command.order();
        int commanded = Math.max(state.commanded(), command.attempt());
        return new AgentState(
                order,
                commanded,
                state.attempts(),
                state.cancelRequested(),
                state.teamStarted(),
                state.deferred(),
                state.outcome());
    }

    /// A record of either kind.
    ///
    /// @throws IllegalArgumentException when it is of neither
    public static AgentState apply(AgentState state, LogEntry record) {
        return switch (record) {
            case SpawnCommand command -> apply(state, command);
            case AgentEvent event -> apply(state, event);
            default -> throw new IllegalArgumentException("not of an agent's life");
        };
    }

    public static AgentState apply(AgentState state, AgentEvent event) {
        if (state.isTerminal()) {
            return state;
        }
        return switch (event) {
            case AttemptStarted started -> start(state, started);
            case CallFailed failed -> move(state, failed);
            case AttemptDeferred deferred -> defer(state, deferred);
            case AttemptLost lost -> lose(state, lost);
            case TeamStarted started -> startTeam(state, started);
            case CancelRequested cancel -> requestCancel(state, cancel);
            case Ending ending -> end(state, ending);
        };
    }

    private static AgentState start(AgentState state, AttemptStarted event) {
        boolean isNext = event.attempt() == state.attempts().size() + 1;
        if (!isNext || state.running().isPresent()) {
            return state;
        }
        List<Attempt> attempts = new ArrayList<>(state.attempts());
        attempts.add(
                new Attempt(
                        event.attempt(),
                        event.workerId(),
                        event.model(),
                        event.provider(),
                        event.price(),
                        event.at(),
                        List.of(),
                        Attempt.Status.RUNNING,
                        Money.ZERO));
        return new AgentState(
                state.order(), state.commanded(), attempts, false, state.teamStarted(), null, null);
    }

    private static AgentState startTeam(AgentState state, TeamStarted event) {
        return state.teamStarted() != null
                ? state
                : new AgentState(
                        state.order(),
                        state.commanded(),
                        state.attempts(),
                        state.cancelRequested(),
                        event.at(),
                        state.deferred(),
                        null);
    }

    private static AgentState move(AgentState state, CallFailed event) {
        Attempt running = state.running().orElse(null);
        if (running == null
                || running.number() != event.attempt()
                || !running.isRunBy(event.workerId())
                || running.failedCalls().size() + 1 != event.call()) {
            return state;
        }
        return withLatest(state, running.moved(event));
    }

    private static AgentState defer(AgentState state, AttemptDeferred event) {
        boolean isNext =
                state.running().isEmpty() && event.attempt() == state.attempts().size() + 1;
        Deferral known = state.deferred();
        if (!isNext || (known != null && !event.at().isAfter(known.at()))) {
            return state;
        }
        Deferral deferral = new Deferral(event.blockedBy(), event.waitMillis(), event.at());
        return new AgentState(
                state.order(),
                state.commanded(),
                state.attempts(),
                state.cancelRequested(),
                state.teamStarted(),
                deferral,
                null);
    }

    private static AgentState lose(AgentState state, AttemptLost event) {
        Attempt running = state.running().orElse(null);
        if (running == null
                || running.number() != event.attempt()
                || !running.isRunBy(event.workerId())) {
            return state;
        }
        // A lost attempt is the house's cost.
        AgentState lost = withLatest(state, running.ended(Attempt.Status.LOST, Money.ZERO));
        if (state.cancelRequested()) {
            return cancelled(lost, Bill.NOTHING, event.at());
        }
        if (event.attempt() >= MAX_ATTEMPTS) {
            return failed(lost, FailureReason.WORKER_LOST, Bill.NOTHING, event.at());
        }
        return lost;
    }

    private static AgentState requestCancel(AgentState state, CancelRequested event) {
        if (state.cancelRequested()) {
            return state;
        }
        if (state.running().isEmpty() && !event.isOfATeam()) {
            return cancelled(state, Bill.NOTHING, event.at());
        }
        return new AgentState(
                state.order(),
                state.commanded(),
                state.attempts(),
                true,
                state.teamStarted(),
                state.deferred(),
                null);
    }

    private static AgentState end(AgentState state, Ending event) {
        Attempt running = state.running().orElse(null);
        // Only a worker that ran the model can say that it answered.
        boolean byNobody = event.attempt() == 0 && !(event instanceof AgentCompleted);
        boolean byTheRunner =
                running != null
                        && running.number() == event.attempt()
                        && event.workerId() != null
                        && running.isRunBy(event.workerId());
        if (!byNobody && !byTheRunner) {
            return state;
        }
        AgentState ended = state;
        if (running != null) {
            Attempt.Status how =
                    state.cancelRequested() || event instanceof AgentCancelled
                            ? Attempt.Status.CANCELLED
                            : event instanceof AgentCompleted
                                    ? Attempt.Status.COMPLETED
                                    : Attempt.Status.FAILED;
            ended = withLatest(state, running.ended(how, event.cost()));
        }
        if (state.cancelRequested()) {
            // The request came first, so it wins; what the call had used is charged.
            return cancelled(ended, Bill.of(event), event.at());
        }
        return switch (event) {
            case AgentCompleted completed ->
                    finished(ended, AgentStatus.COMPLETED, null, Bill.of(event), completed.at());
            case TeamCompleted completed ->
                    finished(ended, AgentStatus.COMPLETED, null, Bill.of(event), completed.at());
            case AgentFailed failure ->
                    failed(ended, failure.error(), Bill.of(event), failure.at());
            case AgentCancelled stop -> cancelled(ended, Bill.of(event), stop.at());
        };
    }

    /// What the run that ended an agent used and costs, and what was found in its result.
    private record Bill(Usage usage, Metering metering, Money cost, @Nullable PiiCounts pii) {
        static final Bill NOTHING = new Bill(Usage.NONE, Metering.REPORTED, Money.ZERO, null);

        static Bill of(Ending event) {
            return new Bill(event.usage(), event.metering(), event.cost(), event.pii());
        }
    }

    private static AgentState cancelled(AgentState state, Bill bill, Instant at) {
        return finished(state, AgentStatus.CANCELLED, null, bill, at);
    }

    private static AgentState failed(AgentState state, FailureReason error, Bill bill, Instant at) {
        return finished(state, AgentStatus.FAILED, error, bill, at);
    }

    private static AgentState finished(
            AgentState state,
            AgentStatus status,
            @Nullable FailureReason error,
            Bill bill,
            Instant at) {
        Instant started = state.started();
        // Clocks of different nodes differ; an agent never ends before it started.
        Instant ended = started != null && at.isBefore(started) ? started : at;
        return new AgentState(
                state.order(),
                state.commanded(),
                state.attempts(),
                false,
                state.teamStarted(),
                null,
                new Outcome(
                        status,
                        error,
                        bill.usage,
                        bill.metering,
                        bill.cost,
                        // Nobody gets the result of one that was cancelled first.
                        status == AgentStatus.COMPLETED ? bill.pii : null,
                        ended));
    }

    private static AgentState withLatest(AgentState state, Attempt latest) {
        List<Attempt> attempts = new ArrayList<>(state.attempts());
        attempts.set(attempts.size() - 1, latest);
        return new AgentState(
                state.order(),
                state.commanded(),
                attempts,
                state.cancelRequested(),
                state.teamStarted(),
                null,
                null);
    }
}
