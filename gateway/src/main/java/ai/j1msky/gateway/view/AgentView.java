package ai.j1msky.gateway.view;

import ai.j1msky.common.agent.AgentStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One agent as Redis has it, its texts still sealed.
///
/// @param facts what [AgentFacts] made of it, a JSON object
/// @param task the sealed task, or `@` and its position on the log
/// @param result the same for the result, or null while there is none
/// @param dataKey the wrapped data key, or null when it was deleted
/// @param queueRank its place among the account's waiting agents, from 0; −1 when it does not wait
/// @param members what [AgentFacts] made of a team's agents, in their order; empty texts where there is nothing yet
/// @param blockedBy why it waits though its turn has come, or null
/// @param erased when its texts were deleted, or null
public record AgentView(
        AgentStatus status,
        String facts,
        String task,
        @Nullable String result,
        @Nullable String dataKey,
        int queueRank,
        @Nullable String blockedBy,
        List<String> members,
        @Nullable Instant erased) {

    public AgentView {
        members = List.copyOf(members);
    }

    static AgentStatus status(String letter) {
        return switch (letter) {
            case "S" -> AgentStatus.SPAWNING;
            case "R" -> AgentStatus.RUNNING;
            case "C" -> AgentStatus.COMPLETED;
            case "F" -> AgentStatus.FAILED;
            case "X" -> AgentStatus.CANCELLED;
            default -> throw new IllegalArgumentException("no such state: " + letter);
        };
    }
}
