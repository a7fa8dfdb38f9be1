package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.seal.SealedText;
import java.time.Instant;

/// Asks any worker to run an agent. Sent by the gateway when a client asks, and again with the next attempt's number
/// when a worker is lost.
///
/// @param attempt 1 for the first run
/// @param task the sealed text of the task
public record SpawnCommand(AgentOrder order, int attempt, SealedText task) implements LogEntry {

    public static final String TASK_FIELD = "task";

    public SpawnCommand {
        requireNonNull(order, "order");
        requireNonNull(task, "task");
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt is less than 1");
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
