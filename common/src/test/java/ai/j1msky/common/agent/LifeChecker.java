package ai.j1msky.common.agent;

import ai.j1msky.common.log.LogEntry;
import java.util.List;
import java.util.Optional;

/// Checks on one log what an agent's life promises, and names the first promise that is broken.
final class LifeChecker {

    private final Fold fold;

    LifeChecker(Fold fold) {
        this.fold = fold;
    }

    /// The first broken promise, or empty.
    Optional<String> violation(AgentLog log) {
        return eventsInOrder(log)
                .or(() -> commandsInOrder(log))
                .or(() -> everyInterleaving(log))
                .map(broken -> broken + " (seed " + log.seed() + ", causal " + log.causal() + ")");
    }

    private Optional<String> eventsInOrder(AgentLog log) {
        AgentState state = AgentState.UNKNOWN;
        for (int next = 0; next < log.events().size(); next++) {
            AgentState after = fold.step(state, log.events().get(next));
            Optional<String> broken = StepRules.violation(state, after);
            if (broken.isPresent()) {
                return broken;
            }
            // On a log without order only the record just read can be known to have been
            // understood.
            int oldest = log.causal() ? 0 : next;
            if (changesWhenReadAgain(after, log.events().subList(oldest, next + 1))) {
                return Optional.of("an event that is read again changes nothing");
            }
            state = after;
        }
        return Optional.empty();
    }

    private Optional<String> commandsInOrder(AgentLog log) {
        AgentState state = AgentState.UNKNOWN;
        for (int next = 0; next < log.commands().size(); next++) {
            state = fold.step(state, log.commands().get(next));
            if (changesWhenReadAgain(state, log.commands().subList(0, next + 1))) {
                return Optional.of("a command that is read again changes nothing");
            }
        }
        return Optional.empty();
    }

    // Not only equal: the very same object, by which readers see that nothing is to be written.
    @SuppressWarnings("ReferenceEquality")
    private boolean changesWhenReadAgain(AgentState state, List<? extends LogEntry> readBefore) {
        return readBefore.stream().anyMatch(entry -> fold.step(state, entry) != state);
    }

    /// All interleavings agree when the two ways into each cell of this grid do: after c commands and e events, with
    /// the last of either read last.
    private Optional<String> everyInterleaving(AgentLog log) {
        AgentState[] row = new AgentState[log.events().size() + 1];
        for (int c = 0; c <= log.commands().size(); c++) {
            for (int e = 0; e <= log.events().size(); e++) {
                AgentState byCommand = c == 0 ? null : fold.step(row[e], log.commands().get(c - 1));
                AgentState byEvent = e == 0 ? null : fold.step(row[e - 1], log.events().get(e - 1));
                if (byCommand != null && byEvent != null && !byCommand.equals(byEvent)) {
                    return Optional.of("commands and events may be read in any relative order");
                }
                AgentState cell = byCommand != null ? byCommand : byEvent;
                row[e] = cell != null ? cell : AgentState.UNKNOWN;
            }
        }
        return Optional.empty();
    }
}
