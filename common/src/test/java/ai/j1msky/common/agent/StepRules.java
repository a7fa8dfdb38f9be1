package ai.j1msky.common.agent;

import ai.j1msky.common.money.Money;
import java.util.List;
import java.util.Optional;

/// What must hold of any state and of any step from one to the next.
final class StepRules {

    private StepRules() {}

    /// The first broken rule, or empty.
    static Optional<String> violation(AgentState before, AgentState after) {
        if (before.isTerminal() && !after.equals(before)) {
            return Optional.of("a terminal agent never changes");
        }
        if (rank(after.status()) < rank(before.status())) {
            return Optional.of("a status only moves forward");
        }
        if (!pastAttemptsKept(before.attempts(), after.attempts())) {
            return Optional.of("an attempt that ended never changes");
        }
        if (after.attempts().size() > AgentLife.MAX_ATTEMPTS) {
            return Optional.of("an agent runs at most " + AgentLife.MAX_ATTEMPTS + " times");
        }
        if (!attemptsInSequence(after.attempts())) {
            return Optional.of("attempt n stands at n - 1 and only the last one can be running");
        }
        if (!after.isTerminal() && !after.cost().equals(Money.ZERO)) {
            return Optional.of("nothing is charged before the end");
        }
        if (after.cancelRequested() && after.running().isEmpty()) {
            return Optional.of("a cancel waits only for an attempt that runs");
        }
        if (after.deferred() != null && (after.isTerminal() || after.running().isPresent())) {
            return Optional.of("only an attempt that is still to start is put off");
        }
        return after.outcome() == null
                ? Optional.empty()
                : violationOfTheEnd(after, after.outcome());
    }

    private static Optional<String> violationOfTheEnd(AgentState state, Outcome outcome) {
        if (state.running().isPresent()) {
            return Optional.of("nothing runs after the end");
        }
        if (state.started() != null && outcome.at().isBefore(state.started())) {
            return Optional.of("an agent never ends before it started");
        }
        if ((outcome.status() == AgentStatus.FAILED) != (outcome.error() != null)) {
            return Optional.of("exactly a failed agent has an error");
        }
        Attempt.Status last = state.latest().map(Attempt::status).orElse(Attempt.Status.CANCELLED);
        if (outcome.status() == AgentStatus.COMPLETED && last != Attempt.Status.COMPLETED) {
            return Optional.of("an agent completes by its last attempt");
        }
        Money charged =
                state.attempts().stream().map(Attempt::cost).reduce(Money.ZERO, Money::plus);
        return charged.equals(outcome.cost())
                ? Optional.empty()
                : Optional.of("what is charged is what its attempts cost");
    }

    private static int rank(AgentStatus status) {
        return status.isTerminal() ? 2 : status == AgentStatus.RUNNING ? 1 : 0;
    }

    private static boolean pastAttemptsKept(List<Attempt> before, List<Attempt> after) {
        for (int i = 0; i < before.size(); i++) {
            boolean ended = before.get(i).status() != Attempt.Status.RUNNING;
            if (i >= after.size() || (ended && !before.get(i).equals(after.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean attemptsInSequence(List<Attempt> attempts) {
        for (int i = 0; i < attempts.size(); i++) {
            boolean runs = attempts.get(i).status() == Attempt.Status.RUNNING;
            if (attempts.get(i).number() != i + 1 || (runs && i < attempts.size() - 1)) {
                return false;
            }
        }
        return true;
    }
}
