package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an agent produced; travels only sealed, as JSON.
///
/// @param text the model's answer
/// @param summary from the model's structured answer, or null when it gave none
/// @param issues from the model's structured answer; empty when it gave none
/// @param truncated the answer stopped at a limit
public record AgentResult(
        String text, @Nullable String summary, List<String> issues, boolean truncated) {

    public AgentResult {
        requireNonNull(text, "text");
        issues = issues == null ? List.of() : List.copyOf(issues);
    }

    @Override
    public String toString() {
        return "AgentResult[" + text.length() + " characters]";
    }
}
