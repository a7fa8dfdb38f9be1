package ai.j1msky.common.agent;

import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AttemptStarted;
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
                                started.at(),
                                Attempt.Status.RUNNING,
                                Money.ZERO));
                return new AgentState(state.order(), state.commanded(), attempts, false, null);
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
    A_THIRD_ATTEMPT_IS_ALLOWED {
        @Override
        public AgentState step(AgentState state, LogEntry entry) {
            AgentState next = Fold.real(state, entry);
            boolean givenUp =
                    next.outcome() != null
                            && !state.isTerminal()
                            && FailureReason.WORKER_LOST.equals(next.outcome().error());
            return givenUp
                    ? new AgentState(next.order(), next.commanded(), next.attempts(), false, null)
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
                        event.at());
        return new AgentState(state.order(), state.commanded(), attempts, false, outcome);
    }
}
