package ai.j1msky.worker.pull;

import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides about the records of one poll: reads them, gets each a slot, starts what may start, and says how each is
/// to be acknowledged. Everything ends well within the minute for which the records are locked.
final class Intake {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);
    private static final Duration SLOT_WITHIN = Duration.ofSeconds(20);
    private static final Duration BURIED_WITHIN = Duration.ofSeconds(6);

    private final Priority priority;
    private final EntryCodec<SpawnCommand> codec;
    private final Slots slots;
    private final Starter starter;
    private final Redelivery redelivery;
    private final LogWriter writer;

    Intake(
            Priority priority,
            Slots slots,
            Starter starter,
            Redelivery redelivery,
            LogWriter writer) {
        this.priority = priority;
        this.codec = new EntryCodec<>(Topics.spawn(priority));
        this.slots = slots;
        this.starter = starter;
        this.redelivery = redelivery;
        this.writer = writer;
    }

    /// One decision per record.
    Map<ConsumerRecord<byte[], byte[]>, AcknowledgeType> take(
            Iterable<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
        Map<ConsumerRecord<byte[], byte[]>, AcknowledgeType> decisions = new LinkedHashMap<>();
        List<Task> tasks = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            switch (codec.read(record)) {
                case ReadResult.Entry<SpawnCommand>(SpawnCommand command) -> {
                    // A team is nobody's to run: its agents have commands of their own.
                    if (command.order().team() == null) {
                        tasks.add(new Task(record, command));
                    } else {
                        decisions.put(record, AcknowledgeType.ACCEPT);
                    }
                }
                case ReadResult.Poison<SpawnCommand>(String reason) ->
                        decisions.put(record, bury(record, reason));
                case ReadResult.Tombstone<SpawnCommand> _ ->
                        decisions.put(record, bury(record, "no value"));
            }
        }
        begin(tasks);
        for (Task task : tasks) {
            if (task.decision() == AcknowledgeType.RELEASE) {
                task.decide(redelivery.decide(codec, task));
            }
            decisions.put(task.record(), task.decision());
        }
        return decisions;
    }

    private void begin(List<Task> tasks) throws InterruptedException {
        long deadline = System.nanoTime() + SLOT_WITHIN.toNanos();
        int begun = 0;
        while (begun < tasks.size()) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            int granted = slots.acquire(priority, tasks.size() - begun, left);
            if (granted == 0) {
                return;
            }
            starter.start(tasks.subList(begun, begun + granted));
            begun += granted;
        }
    }

    private AcknowledgeType bury(ConsumerRecord<byte[], byte[]> record, String reason)
            throws InterruptedException {
        log.atWarn()
                .addKeyValue("topic", record.topic())
                .addKeyValue("offset", record.offset())
                .addKeyValue("reason", reason)
                .log("unreadable record set aside");
        CompletableFuture<?> buried = writer.bury(codec.topic(), record, reason);
        try {
            buried.get(BURIED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            return AcknowledgeType.REJECT;
        } catch (ExecutionException | TimeoutException notYet) {
            return AcknowledgeType.RELEASE;
        }
    }
}
