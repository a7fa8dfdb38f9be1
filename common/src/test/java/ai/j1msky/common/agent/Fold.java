package ai.j1msky.common.agent;

import ai.j1msky.common.log.LogEntry;

/// One step of an agent's life, so that the checker can be tried on broken versions too.
@FunctionalInterface
interface Fold {

    AgentState step(AgentState state, LogEntry entry);

    /// The product's own.
    static AgentState real(AgentState state, LogEntry entry) {
        return switch (entry) {
            case SpawnCommand command -> AgentLife.apply(state, command);
            case AgentEvent event -> AgentLife.apply(state, event);
            default -> throw new IllegalArgumentException("not of an agent's life");
        };
    }
}
