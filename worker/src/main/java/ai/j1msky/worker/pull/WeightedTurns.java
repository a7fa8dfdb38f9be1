package ai.j1msky.worker.pull;

import ai.j1msky.common.agent.Priority;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whose turn it is: smooth weighted round robin over the priorities that wait. Each turn every waiting priority gains
/// its weight and the chosen one pays what all gained, so turns follow the weights closely and none starves.
final class WeightedTurns {

    private final Map<Priority, Integer> credit = new EnumMap<>(Priority.class);

    /// The next of those waiting; empty when none waits.
    Optional<Priority> next(Set<Priority> waiting) {
        Priority chosen = null;
        int gained = 0;
        for (Priority priority : waiting) {
            gained += priority.weight();
            int now = credit.merge(priority, priority.weight(), Integer::sum);
            if (chosen == null || now > credit.getOrDefault(chosen, 0)) {
                chosen = priority;
            }
        }
        if (chosen != null) {
            credit.merge(chosen, -gained, Integer::sum);
        }
        return Optional.ofNullable(chosen);
    }
}
