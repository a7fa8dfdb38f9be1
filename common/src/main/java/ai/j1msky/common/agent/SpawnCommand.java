package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.seal.SealedText;
import java.time.Instant;

/// Asks any worker to run an agent. Sent by the gateway when a client asks, and again with the next attempt's number
/// when a worker is lost.
///
/// @param attempt 1 for the first run; [#NOT_YET] when the agent is accepted and nobody is to run it before another
///     command says so
/// @param task the sealed text of the task
public record SpawnCommand(AgentOrder order, int attempt, SealedText task) implements LogEntry {

    public static final String TASK_FIELD = "task";

    /// The attempt of a command that asks nobody: its account has its share of the workers already.
    public static final int NOT_YET = 0;

    public SpawnCommand {
        requireNonNull(order, "order");
        requireNonNull(task, "task");
        if (attempt < NOT_YET) {
            throw new IllegalArgumentException("attempt is negative");
        }
    }

    @Override
    public String logKey() {
        return order.agentId().value();
    }

    @Override
    public String logId() {
        return order.agentId() + "/spawn/" + attempt;
    }

    @Override
    public Instant at() {
        return order.created();
    }

    public SpawnCommand withAttempt(int next) {
        return new SpawnCommand(order, next, task);
    }
}
