package ai.j1msky.worker.pull;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What happens to a command that could not be started here. It is released to the next worker; but a queue drops a
/// record silently after some deliveries (five unless the broker says otherwise), so before that the command is queued
/// anew, until it is too old to matter.
final class Redelivery {

    private static final Logger log = LoggerFactory.getLogger(Redelivery.class);
    private static final int DELIVERIES = 4;
    private static final Duration MARGIN = Duration.ofMinutes(5);
    private static final Duration QUEUED_WITHIN = Duration.ofSeconds(6);
    private static final int TRIES = 2;

    private final LogWriter writer;
    private final Duration queueTime;
    private final Clock clock;

    /// @param queueTime how long an agent may wait; others end it when that has passed
    Redelivery(LogWriter writer, Duration queueTime, Clock clock) {
        this.writer = writer;
        this.queueTime = queueTime;
        this.clock = clock;
    }

    AcknowledgeType decide(EntryCodec<SpawnCommand> codec, Task task) throws InterruptedException {
        if (task.record().deliveryCount().map(Short::intValue).orElse(1) < DELIVERIES) {
            return AcknowledgeType.RELEASE;
        }
        if (isPast(task.command())) {
            return AcknowledgeType.ACCEPT;
        }
        for (int tries = 0; tries < TRIES; tries++) {
            if (isQueuedAnew(codec, task.command())) {
                return AcknowledgeType.ACCEPT;
            }
        }
        return AcknowledgeType.RELEASE;
    }

    /// Whether the agent has ended for certain, whoever still knows it: then its command is dropped.
    boolean isPast(SpawnCommand command) {
        AgentOrder order = command.order();
        Instant lastUse =
                order.created()
                        .plus(queueTime)
                        .plusSeconds(2L * order.timeoutSeconds())
                        .plus(MARGIN);
        boolean past = clock.instant().isAfter(lastUse);
        if (past) {
            log.atWarn()
                    .addKeyValue("agentId", order.agentId())
                    .log("command dropped, its agent is past its time");
        }
        return past;
    }

    private boolean isQueuedAnew(EntryCodec<SpawnCommand> codec, SpawnCommand command)
            throws InterruptedException {
        try {
            writer.append(codec, command).get(QUEUED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException failed) {
            // A try that failed at once may be one of many: give the log time to come back.
            TimeUnit.SECONDS.sleep(1);
            return false;
        }
    }
}
