package ai.j1msky.common.agent;

import java.util.List;

/// The records of one agent as they stand on its two partitions.
///
/// @param seed makes the same log again
/// @param causal nothing stands before its cause
public record AgentLog(
        long seed, boolean causal, List<SpawnCommand> commands, List<AgentEvent> events) {}
