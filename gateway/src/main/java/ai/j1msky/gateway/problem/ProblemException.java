package ai.j1msky.gateway.problem;

import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.network.Address;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Ends a request with a problem. It carries no stack trace: it is an answer, not a fault.
public final class ProblemException extends RuntimeException {

    private final Problem problem;
    private final int retryAfterSeconds;
    private final @Nullable AgentId agentId;
    private final @Nullable Address address;
    private final Map<String, String> headers;

    private ProblemException(
            Problem problem,
            String sentence,
            int retryAfterSeconds,
            @Nullable AgentId agentId,
            @Nullable Address address,
            Map<String, String> headers) {
        super(sentence, null, false, false);
        this.problem = problem;
        this.retryAfterSeconds = retryAfterSeconds;
        this.agentId = agentId;
        this.address = address;
        this.headers = headers;
    }

    public static ProblemException of(Problem problem) {
        return of(problem, problem.sentence());
    }

    /// @param sentence what to show instead of the catalogue's sentence; never anything secret
    public static ProblemException of(Problem problem, String sentence) {
        return new ProblemException(problem, sentence, 0, null, null, Map.of());
    }

    /// For 429 and 503.
    ///
    /// @param seconds when to try again, at least 1
    public static ProblemException retryAfter(Problem problem, int seconds) {
        return new ProblemException(
                problem, problem.sentence(), Math.max(1, seconds), null, null, Map.of());
    }

    public static ProblemException outcomeUnknown(AgentId agentId, int seconds) {
        return new ProblemException(
                Problem.OUTCOME_UNKNOWN,
                Problem.OUTCOME_UNKNOWN.sentence(),
                Math.max(1, seconds),
                agentId,
                null,
                Map.of());
    }

    /// A refusal of the client's address, which tells the client what that is.
    public static ProblemException ofAddress(Problem problem, Address address) {
        return new ProblemException(problem, problem.sentence(), 0, null, address, Map.of());
    }

    public ProblemException withHeader(String name, String value) {
        return new ProblemException(
                problem, sentence(), retryAfterSeconds, agentId, address, Map.of(name, value));
    }

    public Problem problem() {
        return problem;
    }

    /// What the client reads.
    public String sentence() {
        String message = getMessage();
        return message == null ? problem.sentence() : message;
    }

    /// Seconds until a retry makes sense; 0 when the answer does not say.
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /// The agent that may have been accepted, when the outcome is unknown.
    public @Nullable AgentId agentId() {
        return agentId;
    }

    /// The client's address, when that is what was refused.
    public @Nullable Address address() {
        return address;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
