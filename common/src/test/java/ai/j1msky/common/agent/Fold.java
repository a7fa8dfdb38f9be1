package ai.j1msky.common.agent;

import ai.j1msky.common.log.LogEntry;

/// One step of an agent's life, so that the checker can be tried on broken versions too.
@FunctionalInterface
interface Fold {

    AgentState step(AgentState state, LogEntry entry);

    /// The product's own.
    static AgentState real(AgentState state, LogEntry entry) {
        return AgentLife.apply(state, entry);
    }
}
