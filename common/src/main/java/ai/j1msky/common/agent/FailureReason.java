package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;

/// Why an agent failed, as its owner sees it.
///
/// @param code a stable word, for example `timeout`, `worker_lost`, `queue_expired` or a `provider_…` code
/// @param message one sentence that says what to do next; never a prompt, a result or a secret
public record FailureReason(String code, String message) {

    public static final FailureReason WORKER_LOST =
            new FailureReason(
                    "worker_lost",
                    "The workers that ran this agent were lost twice. Spawn it again.");
    public static final FailureReason QUEUE_EXPIRED =
            new FailureReason(
                    "queue_expired",
                    "No worker was free within the queue time. Add workers or retry.");
    public static final FailureReason TIMEOUT =
            new FailureReason(
                    "timeout",
                    "The agent did not finish within its timeout. Raise it or ask for less.");
    public static final FailureReason POISON =
            new FailureReason(
                    "poison",
                    "The stored command could not be read and was set aside. Spawn it again.");

    public static final FailureReason TEAM_MEMBERS_FAILED =
            new FailureReason(
                    "team_members_failed",
                    "No member of the team completed; their errors say why. Spawn it again.");
    public static final FailureReason TEAM_MERGE_FAILED =
            new FailureReason(
                    "team_merge_failed",
                    "The team's lead could not merge; the members' results can be read. Spawn it again.");

    public FailureReason {
        requireNonNull(code, "code");
        requireNonNull(message, "message");
    }
}
