package ai.j1msky.gateway.view;

import ai.j1msky.common.agent.AgentState;
import org.jspecify.annotations.Nullable;

/// One agent as Redis has it, its texts still sealed.
///
/// @param task the sealed task, or `@` and its position on the log
/// @param result the same for the result, or null while there is none
/// @param dataKey the wrapped data key, or null when it was deleted
/// @param queueRank its place among the account's waiting agents, from 0; −1 when it does not wait
public record AgentView(
        AgentState state,
        String task,
        @Nullable String result,
        @Nullable String dataKey,
        int queueRank) {}
