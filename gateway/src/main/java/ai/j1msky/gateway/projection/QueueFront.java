package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.Priority;
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
import org.apache.kafka.clients.admin.OffsetSpec;
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
    private long answeringSince = System.nanoTime();

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

    /// For how long the log has answered without a break.
    ///
    /// @param now in the time of [System#nanoTime]
    Duration answering(long now) {
        return Duration.ofNanos(now - answeringSince);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    private Map<TopicPartition, Long> ask() {
        try {
            // The ends come first: whatever was before them is done when nothing is left after.
            Map<TopicPartition, Long> ends = endsOrBreak();
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
                            boolean empty = info.lag().filter(lag -> lag == 0).isPresent();
                            Long end = ends.get(partition);
                            // The group's start offset is only written with the next
                            // acknowledgement.
                            fronts.put(partition, empty && end != null ? end : info.startOffset());
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

    private Map<TopicPartition, Long> endsOrBreak()
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            return ends();
        } catch (ExecutionException | TimeoutException away) {
            answeringSince = System.nanoTime();
            throw away;
        }
    }

    private Map<TopicPartition, Long> ends()
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (Priority priority : Priority.values()) {
            wanted.put(new TopicPartition(Topics.spawn(priority).name(), 0), OffsetSpec.latest());
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(wanted)
                .all()
                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }
}
