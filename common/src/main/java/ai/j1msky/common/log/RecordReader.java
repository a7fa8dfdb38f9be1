package ai.j1msky.common.log;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/// Reads single records by their position: commands to send again, texts too large for a view.
///
/// Blocking; one read at a time (callers wait for each other, but never past their own deadline), which is enough for
/// what is rare.
public final class RecordReader implements AutoCloseable {

    public static final Duration LONGEST_READ = Duration.ofSeconds(3);

    private static final Duration LONGEST_POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final LogClients clients;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Consumer<byte[], byte[]> consumer;

    public RecordReader(LogClients clients) {
        this.clients = clients;
    }

    /// The entry at that position; empty when it is no longer there or cannot be read.
    ///
    /// @throws KafkaException when the log does not answer within [#LONGEST_READ]
    public <T extends LogEntry> Optional<T> read(EntryCodec<T> codec, Position position) {
        return read(codec, position, System.nanoTime() + LONGEST_READ.toNanos());
    }

    /// @param deadline when to give up, as [System#nanoTime()] tells the time
    /// @throws KafkaException when the log has not answered by then
    public <T extends LogEntry> Optional<T> read(
            EntryCodec<T> codec, Position position, long deadline) {
        try {
            if (!lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw silent();
            }
        } catch (InterruptedException stop) {
            throw new InterruptException(stop);
        }
        try {
            return readAlone(codec, position, deadline);
        } finally {
            lock.unlock();
        }
    }

    private <T extends LogEntry> Optional<T> readAlone(
            EntryCodec<T> codec, Position position, long deadline) {
        if (consumer == null) {
            consumer = clients.seeker("record-reader");
        }
        Consumer<byte[], byte[]> reader = consumer;
        TopicPartition partition = new TopicPartition(position.topic(), position.partition());
        reader.assign(List.of(partition));
        reader.seek(partition, position.offset());
        long left = deadline - System.nanoTime();
        boolean behindTheEnd = false;
        while (left > 0) {
            Duration poll = Duration.ofNanos(Math.min(left, LONGEST_POLL.toNanos()));
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(poll)) {
                if (record.offset() < position.offset()) {
                    // It was sent to the beginning: the log ends before, or the broker that
                    // answered leads no longer, or does not know its end yet.
                    behindTheEnd = true;
                    reader.seek(partition, position.offset());
                    LockSupport.parkNanos(PAUSE.toNanos());
                    break;
                }
                if (record.offset() == position.offset()
                        && codec.read(record) instanceof ReadResult.Entry<T>(T body)) {
                    return Optional.of(body);
                }
                return Optional.empty();
            }
            left = deadline - System.nanoTime();
        }
        if (behindTheEnd) {
            return Optional.empty();
        }
        throw silent();
    }

    private static KafkaException silent() {
        return new KafkaException("the log did not answer in time");
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (consumer != null) {
                consumer.close();
                consumer = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
