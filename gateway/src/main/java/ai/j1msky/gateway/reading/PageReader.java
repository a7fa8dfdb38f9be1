package ai.j1msky.gateway.reading;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.ReadResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads the entries of a stretch, the newest first, a bounded piece at a time. Blocking; one reader at a time.
public final class PageReader<T extends LogEntry> implements AutoCloseable {

    private static final int PIECE = 500;
    private static final int PIECE_BYTES = 512 * 1024;
    private static final int LONGEST_SCAN = 5_000;

    /// Records may have two megabytes: a page, and what is read for it, ends before it has more than this, or after one.
    private static final int LARGEST = 4 * 1024 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(100);

    private final LogClients clients;
    private final String purpose;
    private final EntryCodec<T> codec;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Consumer<byte[], byte[]> consumer;

    /// @param purpose names its Kafka client
    public PageReader(LogClients clients, String purpose, EntryCodec<T> codec) {
        this.clients = clients;
        this.purpose = purpose;
        this.codec = codec;
    }

    /// Which entries of a stretch are asked for.
    public interface Filter<T> {

        /// Whether a record with that key may be one, without decoding it.
        boolean mayTake(byte @Nullable [] recordKey);

        boolean takes(T entry);
    }

    /// @param next where to go on, an offset that is not read any more; null when there is nothing left
    public record Page<T>(List<T> entries, @Nullable Long next) {}

    /// @param before the offset to read back from; null for the end
    /// @throws KafkaException when the log does not answer in time
    public Page<T> read(Stretch stretch, Filter<T> filter, @Nullable Long before, int limit) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            if (!lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw silent();
            }
        } catch (InterruptedException stop) {
            throw new org.apache.kafka.common.errors.InterruptException(stop);
        }
        try {
            Consumer<byte[], byte[]> reader = consumer();
            reader.assign(List.of(stretch.partition()));
            long end = before == null ? stretch.end(reader) : before;
            Span span = new Span(stretch.partition(), stretch.start(reader, end), end);
            return scan(reader, filter, span, limit, deadline);
        } catch (KafkaException failed) {
            close();
            throw failed;
        } finally {
            lock.unlock();
        }
    }

    private record Span(TopicPartition partition, long start, long end) {}

    private Consumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            consumer = clients.seeker(purpose, PIECE, PIECE_BYTES);
        }
        return consumer;
    }

    private Page<T> scan(
            Consumer<byte[], byte[]> reader,
            Filter<T> filter,
            Span span,
            int limit,
            long deadline) {
        List<T> found = new ArrayList<>();
        long next = span.end();
        long size = PIECE;
        int bytes = 0;
        while (next > span.start()
                && span.end() - next < LONGEST_SCAN
                && System.nanoTime() < deadline) {
            Piece piece =
                    piece(reader, span.partition(), Math.max(span.start(), next - size), next);
            for (ConsumerRecord<byte[], byte[]> record : piece.records.reversed()) {
                if (filter.mayTake(record.key())
                        && codec.read(record) instanceof ReadResult.Entry<T>(T entry)
                        && filter.takes(entry)) {
                    bytes += record.serializedValueSize();
                    if (bytes > LARGEST && !found.isEmpty()) {
                        return new Page<>(found, record.offset() + 1);
                    }
                    found.add(entry);
                    if (found.size() == limit) {
                        return new Page<>(
                                found, record.offset() > span.start() ? record.offset() : null);
                    }
                }
            }
            // Where records are large, fewer are read at once.
            size = piece.isWhole ? Math.min(PIECE, 2 * size) : next - piece.from;
            next = piece.from;
        }
        return new Page<>(found, next > span.start() ? next : null);
    }

    /// @param from the offset from which on they are all there
    /// @param isWhole whether that is what was asked for
    private record Piece(
            List<ConsumerRecord<byte[], byte[]>> records, long from, boolean isWhole) {}

    /// The records from one offset to before another, or the last of them; some offsets have none.
    private static Piece piece(
            Consumer<byte[], byte[]> reader, TopicPartition partition, long from, long to) {
        Deque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
        long first = from;
        int bytes = 0;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        reader.seek(partition, from);
        while (reader.position(partition) < to) {
            if (System.nanoTime() > deadline) {
                throw silent();
            }
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                if (record.offset() < to) {
                    records.add(record);
                    bytes += record.serializedValueSize();
                }
                while (bytes > LARGEST && records.size() > 1) {
                    bytes -= records.remove().serializedValueSize();
                    first = records.element().offset();
                }
            }
        }
        return new Piece(List.copyOf(records), first, first == from);
    }

    private static KafkaException silent() {
        return new KafkaException("the log did not answer in time");
    }

    @Override
    public void close() {
        lock.lock();
        try {
            Consumer<byte[], byte[]> closed = consumer;
            // First: in a thread that is interrupted closing fails, and yet it is closed.
            consumer = null;
            if (closed != null) {
                // By itself it would wait for a broker that does not answer.
                closed.close(CloseOptions.timeout(Duration.ZERO));
            }
        } finally {
            lock.unlock();
        }
    }
}
