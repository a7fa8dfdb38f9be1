package ai.j1msky.common.agent;

import ai.j1msky.common.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All that is known of one agent from the records read so far.
///
/// @param order what was asked; null until its command has been read (events may be read first: they stand on
///     another partition)
/// @param commanded the highest attempt a command has asked for; 0 before the first, and while nobody is to run it yet
/// @param attempts the runs, oldest first; number n stands at index n − 1
/// @param cancelRequested the owner wants it stopped and the running attempt has not answered yet
/// @param teamStarted when the first step of a team began; null for any other agent
/// @param deferred why its next attempt cannot start yet, or null
/// @param outcome how it ended, or null while it has not
public record AgentState(
        @Nullable AgentOrder order,
        int commanded,
        List<Attempt> attempts,
        boolean cancelRequested,
        @Nullable Instant teamStarted,
        @Nullable Deferral deferred,
        @Nullable Outcome outcome) {

    public static final AgentState UNKNOWN =
            new AgentState(null, 0, List.of(), false, null, null, null);

    public AgentState {
        attempts = attempts == null ? List.of() : List.copyOf(attempts);
    }

    /// An agent of which only its order is known.
    ///
    /// @param commanded 1, or [SpawnCommand#NOT_YET]
    public static AgentState ordered(AgentOrder order, int commanded) {
        return new AgentState(order, commanded, List.of(), false, null, null, null);
    }

    /// Whether it is accepted and nobody was asked to run it yet.
    public boolean awaitsTurn() {
        return outcome == null
                && order != null
                && commanded == SpawnCommand.NOT_YET
                && attempts.isEmpty();
    }

    public AgentStatus status() {
        if (outcome != null) {
            return outcome.status();
        }
        // A lost attempt does not take the agent back to spawning: observers only ever see it move
        // on.
        return attempts.isEmpty() && teamStarted == null
                ? AgentStatus.SPAWNING
                : AgentStatus.RUNNING;
    }

    public boolean isTerminal() {
        return outcome != null;
    }

    /// The attempt that runs now.
    public Optional<Attempt> running() {
        return latest().filter(attempt -> attempt.status() == Attempt.Status.RUNNING);
    }

    public Optional<Attempt> latest() {
        return attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.getLast());
    }

    /// When the first attempt started, or the first step of a team.
    public @Nullable Instant started() {
        return attempts.isEmpty() ? teamStarted : attempts.getFirst().started();
    }

    /// What its owner was charged, never more than its order holds; zero until it ends.
    public Money cost() {
        Money cost = outcome == null ? Money.ZERO : outcome.cost();
        return order == null ? cost : cost.atMost(order.hold());
    }

    /// Whether its last attempt is lost and nobody has asked for the next one yet.
    public boolean needsNextAttempt() {
        return outcome == null
                && order != null
                && commanded <= attempts.size()
                && latest().filter(attempt -> attempt.status() == Attempt.Status.LOST).isPresent();
    }
}
