package ai.j1msky.common.agent;

import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AttemptDeferred;
import ai.j1msky.common.agent.AgentEvent.AttemptStarted;
import ai.j1msky.common.agent.AgentEvent.CallFailed;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.money.Money;
import java.util.ArrayList;
import java.util.List;

/// Mistakes that a life of agents could make; the checker has to find each.
enum Mutant implements Fold {
    LATE_COMPLETION_OVERWRITES_A_CANCEL {
        @Override
        public AgentState step(AgentState state, LogEntry entry) {
            if (entry instanceof AgentCompleted completed
                    && state.status() == AgentStatus.CANCELLED) {
                return completedBy(state, completed, state.attempts());
            }
            return Fold.real(state, entry);
        }
    },
    A_LOST_ATTEMPT_STILL_COMPLETES {
        @Override
        public AgentState step(AgentState state, LogEntry entry) {
            Attempt last = state.latest().orElse(null);
            if (entry instanceof AgentCompleted completed
                    && !state.isTerminal()
                    && last != null
                    && last.status() == Attempt.Status.LOST
                    && last.number() == completed.attempt()) {
                List<Attempt> attempts = new ArrayList<>(state.attempts());
                attempts.set(
                        attempts.size() - 1,
                        last.ended(Attempt.Status.COMPLETED, completed.cost()));
                return completedBy(state, completed, attempts);
            }
            return Fold.real(state, entry);
        }
    },
    A_SECOND_START_ADDS_AN_ATTEMPT {
        @Override
        public AgentState step(AgentState state, LogEntry entry) {
            Attempt last = state.latest().orElse(null);
            if (entry instanceof AttemptStarted started
                    && !state.isTerminal()
                    && last != null
                    && last.number() == started.attempt()) {
                List<Attempt> attempts = new ArrayList<>(state.attempts());
                attempts.set(attempts.size() - 1, last.ended(Attempt.Status.LOST, Money.ZERO));
                attempts.add(
                        new Attempt(
                                attempts.size() + 1,
                                started.workerId(),
                                started.model(),
                                started.provider(),
                                started.price(),
                                started.at(),
                                List.of(),
                                Attempt.Status.RUNNING,
                                Money.ZERO));
                return new AgentState(
                        state.order(), state.commanded(), attempts, false, null, null, null);
            }
            return Fold.real(state, entry);
        }
    },
    EVENTS_BEFORE_THE_COMMAND_ARE_DROPPED {
        @Override
        public AgentState step(AgentState state, LogEntry entry) {
            return entry instanceof AgentEvent && state.order() == null
                    ? state
                    : Fold.real(state, entry);
        }
    },
    A_DEFERRAL_READ_AGAIN_COUNTS_AGAIN {
        @Override
        public AgentState step(AgentState state, LogEntry entry) {
            AgentState next = Fold.real(state, entry);
            if (entry instanceof AttemptDeferred again && next.deferred() != null) {
                return new AgentState(
                        next.order(),
                        next.commanded(),
                        next.attempts(),
                        false,
                        null,
                        new Deferral(again.blockedBy(), again.waitMillis(), again.at()),
                        null);
            }
            return next;
        }
    },
    A_CALL_THAT_FAILED_TWICE_IS_COUNTED_TWICE {
        @Override
        public AgentState step(AgentState state, LogEntry entry) {
            Attempt running = state.running().orElse(null);
            if (entry instanceof CallFailed failed
                    && running != null
                    && running.number() == failed.attempt()
                    && running.isRunBy(failed.workerId())) {
                List<Attempt> attempts = new ArrayList<>(state.attempts());
                attempts.set(attempts.size() - 1, running.moved(failed));
                return new AgentState(
                        state.order(),
                        state.commanded(),
                        attempts,
                        state.cancelRequested(),
                        null,
                        null,
                        null);
            }
            return Fold.real(state, entry);
        }
    },
    A_THIRD_ATTEMPT_IS_ALLOWED {
        @Override
        public AgentState step(AgentState state, LogEntry entry) {
            AgentState next = Fold.real(state, entry);
            boolean givenUp =
                    next.outcome() != null
                            && !state.isTerminal()
                            && FailureReason.WORKER_LOST.equals(next.outcome().error());
            return givenUp
                    ? new AgentState(
                            next.order(),
                            next.commanded(),
                            next.attempts(),
                            false,
                            null,
                            null,
                            null)
                    : next;
        }
    };

    private static AgentState completedBy(
            AgentState state, AgentCompleted event, List<Attempt> attempts) {
        Outcome outcome =
                new Outcome(
                        AgentStatus.COMPLETED,
                        null,
                        event.usage(),
                        event.metering(),
                        event.cost(),
                        null,
                        event.at());
        return new AgentState(
                state.order(), state.commanded(), attempts, false, null, null, outcome);
    }
}
