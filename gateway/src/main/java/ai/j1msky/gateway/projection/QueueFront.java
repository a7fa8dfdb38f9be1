package ai.j1msky.gateway.projection;

import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;

/// How far the workers' share group is through with each queue: everything before that offset was accepted, rejected
/// or given up by the broker after too many deliveries. Nothing trusts the queue alone, so what was passed and never
/// started is sent again.
public final class QueueFront implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Admin admin;
    private Map<TopicPartition, Long> latest = Map.of();
    private Map<TopicPartition, Long> previous = Map.of();
    private long nextLook;

    public QueueFront(LogClients clients) {
        this.admin = clients.admin();
    }

    /// Offsets that the group had passed already some seconds ago, so that every start before them has been seen.
    record Passed(Map<TopicPartition, Long> offsets) {
        boolean contains(Position command) {
            TopicPartition partition = new TopicPartition(command.topic(), command.partition());
            return command.offset() < offsets.getOrDefault(partition, 0L);
        }
    }

    Passed look(long now) {
        if (now >= nextLook) {
            nextLook = now + EVERY.toNanos();
            previous = latest;
            latest = ask();
        }
        return new Passed(previous);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    private Map<TopicPartition, Long> ask() {
        try {
            Map<TopicPartition, SharePartitionOffsetInfo> answer =
                    admin.listShareGroupOffsets(
                                    Map.of(Topics.WORKERS, new ListShareGroupOffsetsSpec()))
                            .partitionsToOffsetInfo(Topics.WORKERS)
                            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            Map<TopicPartition, Long> fronts = new HashMap<>();
            answer.forEach(
                    (partition, info) -> {
                        // A queue that nobody has read yet has no front.
                        if (info != null) {
                            fronts.put(partition, info.startOffset());
                        }
                    });
            return fronts;
        } catch (ExecutionException | TimeoutException unknown) {
            return Map.of();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }
}
