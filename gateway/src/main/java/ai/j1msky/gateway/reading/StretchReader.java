package ai.j1msky.gateway.reading;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;

/// Reads a stretch from its first record to the last that it has now, a bounded piece at a time. Blocking; for one
/// thread at a time.
public final class StretchReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final Stretch stretch;
    private final long end;
    private final long deadline;
    private long position;
    private long movedAt = System.nanoTime();

    private StretchReader(
            Consumer<byte[], byte[]> consumer,
            Stretch stretch,
            long start,
            long end,
            long deadline) {
        this.consumer = consumer;
        this.stretch = stretch;
        this.position = start;
        this.end = end;
        this.deadline = deadline;
    }

    /// @param consumer its own from now on
    /// @param deadline when to give up, as [System#nanoTime] tells the time
    /// @throws KafkaException when the log does not answer
    public static StretchReader open(
            Consumer<byte[], byte[]> consumer, Stretch stretch, long deadline) {
        try {
            consumer.assign(List.of(stretch.partition()));
            long end = stretch.end(consumer);
            long start = stretch.start(consumer, end);
            consumer.seek(stretch.partition(), start);
            return new StretchReader(consumer, stretch, start, end, deadline);
        } catch (RuntimeException failed) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            throw failed;
        }
    }

    public boolean isAtEnd() {
        return position >= end;
    }

    /// The records that come next; maybe none yet.
    ///
    /// @throws KafkaException when the log falls silent or the deadline has passed
    public List<ConsumerRecord<byte[], byte[]>> next() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            if (record.offset() < end) {
                records.add(record);
            }
        }
        long now = System.nanoTime();
        long reached = consumer.position(stretch.partition());
        if (reached > position) {
            position = reached;
            movedAt = now;
        }
        if (!isAtEnd() && (now - deadline > 0 || now - movedAt > LONGEST_SILENCE.toNanos())) {
            throw new KafkaException("the log did not answer in time");
        }
        return records;
    }

    @Override
    public void close() {
        // By itself it would wait for a broker that does not answer.
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
