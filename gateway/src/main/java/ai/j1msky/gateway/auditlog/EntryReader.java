package ai.j1msky.gateway.auditlog;

import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads entries from the log, the newest first, a bounded piece at a time. Blocking; one reader at a time.
final class EntryReader implements AutoCloseable {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.AUDIT.name(), 0);
    private static final int PIECE = 500;
    private static final int PIECE_BYTES = 512 * 1024;
    private static final int LONGEST_SCAN = 5_000;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(100);

    /// An entry may have waited for the log; one that waited longer is not found by its end.
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final LogClients clients;
    private final EntryCodec<AuditEntry> codec = new EntryCodec<>(Topics.AUDIT);
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Consumer<byte[], byte[]> consumer;

    EntryReader(LogClients clients) {
        this.clients = clients;
    }

    /// @param next where to go on, an offset that is not read any more; null when there is nothing left
    record Page(List<AuditEntry> entries, @Nullable Long next) {}

    /// @param before the offset to read back from; null for the end
    /// @throws KafkaException when the log does not answer in time
    Page read(EntryFilter filter, @Nullable Long before, int limit) {
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
            long end = before == null ? end(reader, filter) : before;
            return scan(reader, filter, start(reader, filter), end, limit, deadline);
        } catch (KafkaException failed) {
            close();
            throw failed;
        } finally {
            lock.unlock();
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            consumer = clients.seeker("audit-entries", PIECE, PIECE_BYTES);
            consumer.assign(List.of(PARTITION));
        }
        return consumer;
    }

    private static long end(Consumer<byte[], byte[]> reader, EntryFilter filter) {
        if (filter.to() != null) {
            Long found = offsetAt(reader, filter.to().plus(LONGEST_WAIT));
            if (found != null) {
                return found;
            }
        }
        return reader.endOffsets(List.of(PARTITION), PATIENCE).getOrDefault(PARTITION, 0L);
    }

    private static long start(Consumer<byte[], byte[]> reader, EntryFilter filter) {
        long beginning =
                reader.beginningOffsets(List.of(PARTITION), PATIENCE).getOrDefault(PARTITION, 0L);
        // Records are stamped after their entries; a minute is for clocks that differ.
        Long found = offsetAt(reader, filter.from().minusSeconds(60));
        return found == null ? beginning : Math.max(beginning, found);
    }

    private static @Nullable Long offsetAt(Consumer<byte[], byte[]> reader, Instant time) {
        Map<TopicPartition, OffsetAndTimestamp> found =
                reader.offsetsForTimes(
                        Map.of(PARTITION, Math.max(0, time.toEpochMilli())), PATIENCE);
        OffsetAndTimestamp offset = found.get(PARTITION);
        return offset == null ? null : offset.offset();
    }

    private Page scan(
            Consumer<byte[], byte[]> reader,
            EntryFilter filter,
            long start,
            long end,
            int limit,
            long deadline) {
        List<AuditEntry> found = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        long next = end;
        while (next > start && end - next < LONGEST_SCAN && System.nanoTime() < deadline) {
            long from = Math.max(start, next - PIECE);
            for (ConsumerRecord<byte[], byte[]> record : piece(reader, from, next).reversed()) {
                if (filter.mayTake(record.key())
                        && codec.read(record)
                                instanceof ReadResult.Entry<AuditEntry>(AuditEntry entry)
                        && filter.takes(entry)
                        && ids.add(entry.id())) {
                    found.add(entry);
                    if (found.size() == limit) {
                        return new Page(found, record.offset() > start ? record.offset() : null);
                    }
                }
            }
            next = from;
        }
        return new Page(found, next > start ? next : null);
    }

    /// The records from one offset to before another; some offsets have none.
    private static List<ConsumerRecord<byte[], byte[]>> piece(
            Consumer<byte[], byte[]> reader, long from, long to) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        reader.seek(PARTITION, from);
        while (reader.position(PARTITION) < to) {
            if (System.nanoTime() > deadline) {
                throw silent();
            }
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                if (record.offset() < to) {
                    records.add(record);
                }
            }
        }
        return records;
    }

    private static KafkaException silent() {
        return new KafkaException("the log did not answer in time");
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (consumer != null) {
                // By itself it would wait for a broker that does not answer.
                consumer.close(CloseOptions.timeout(Duration.ZERO));
                consumer = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
