package ai.j1msky.billing;

import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.UsageTotal;
import ai.j1msky.common.log.CommitNote;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.topic.Topics;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The books of the billing that works, and what it has read and not committed yet. For its thread alone.
final class Work {

    private static final URI SOURCE = URI.create("/j1msky/billing");

    /// How long movements are gathered: a transaction costs the broker the same, whatever is in it.
    static final Duration GATHER = Duration.ofMillis(50);

    /// How long after one transaction the next begins at the earliest.
    private static final Duration SPACING = Duration.ofMillis(250);

    /// Progress without a movement is committed this often.
    private static final Duration IDLE_COMMIT = Duration.ofSeconds(1);

    private final EntryCodec<LedgerEntry> ledger = new EntryCodec<>(Topics.LEDGER);
    private final EntryCodec<UsageTotal> usage = new EntryCodec<>(Topics.USAGE);
    private final EntryCodec<BillingAlert> alerts = new EntryCodec<>(Topics.BILLING_ALERTS);
    private final Map<String, EntryCodec<? extends LogEntry>> sources;
    private final BillingMetrics metrics;

    private final Consumer<byte[], byte[]> consumer;
    private final Books books;
    private final Totals totals;
    private final List<TopicPartition> partitions;
    private final List<LedgerEntry> entries = new ArrayList<>();
    private boolean progress;
    private long committedAt = System.nanoTime();
    private long movedAt = committedAt;
    private long lookedAt = committedAt;

    /// @param consumer read by whoever has this
    /// @param sources how the topics are read, by their names
    Work(
            Consumer<byte[], byte[]> consumer,
            Rebuilt rebuilt,
            List<TopicPartition> partitions,
            Map<String, EntryCodec<? extends LogEntry>> sources,
            BillingMetrics metrics) {
        this.consumer = consumer;
        this.books = rebuilt.books();
        this.totals = rebuilt.totals();
        this.partitions = partitions;
        this.sources = sources;
        this.metrics = metrics;
    }

    void read(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            progress = true;
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            Instant taken = Instant.ofEpochMilli(record.timestamp());
            LogEntry body = decode(record);
            if (body == null) {
                continue;
            }
            for (LedgerEntry entry : books.read(body, partition, record.offset(), taken)) {
                movedAt = entries.isEmpty() ? System.nanoTime() : movedAt;
                entries.add(entry);
                totals.add(entry);
            }
        }
    }

    private @Nullable LogEntry decode(ConsumerRecord<byte[], byte[]> record) {
        EntryCodec<? extends LogEntry> codec = sources.get(record.topic());
        if (codec != null
                && codec.read(record) instanceof ReadResult.Entry<? extends LogEntry> read) {
            return read.body();
        }
        // The gateway's projection puts it among the dead letters.
        metrics.unreadable();
        return null;
    }

    void commitIfDue(Producer<byte[], byte[]> producer) {
        long now = System.nanoTime();
        boolean due =
                hasMovements()
                        ? now - movedAt >= GATHER.toNanos()
                                && now - committedAt >= SPACING.toNanos()
                        : now - committedAt >= IDLE_COMMIT.toNanos();
        if (due) {
            commit(producer);
        }
    }

    void commit(Producer<byte[], byte[]> producer) {
        if (!progress) {
            return;
        }
        producer.beginTransaction();
        // A record that cannot be sent fails the commit.
        for (LedgerEntry entry : entries) {
            Future<RecordMetadata> _ = producer.send(ledger.write(entry, SOURCE));
        }
        for (UsageTotal total : totals.takeChanged(commandsRead())) {
            Future<RecordMetadata> _ = producer.send(usage.write(total, SOURCE));
        }
        List<BillingAlert> told = totals.takeAlerts();
        for (BillingAlert alert : told) {
            Future<RecordMetadata> _ = producer.send(alerts.write(alert, SOURCE));
        }
        producer.sendOffsetsToTransaction(offsets(), consumer.groupMetadata());
        producer.commitTransaction();
        metrics.moved(entries);
        metrics.alerted(told);
        entries.clear();
        progress = false;
        committedAt = System.nanoTime();
    }

    void lookIfDue() {
        long now = System.nanoTime();
        if (now - lookedAt > IDLE_COMMIT.toNanos()) {
            lookedAt = now;
            if (isReadToTheEnd(queues())) {
                books.forget();
            }
            if (isReadToTheEnd(partitions)) {
                totals.forget();
            }
            metrics.open(totals.held(), books.held(), books.openAgents());
            metrics.behind(
                    partitions.stream().mapToLong(p -> consumer.currentLag(p).orElse(0)).sum());
        }
    }

    boolean hasMovements() {
        return !entries.isEmpty();
    }

    /// Beside each offset stands what is needed to make the books again.
    private Map<TopicPartition, OffsetAndMetadata> offsets() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        Map<TopicPartition, Long> firstOpen = books.firstOpen();
        for (TopicPartition partition : partitions) {
            long next = consumer.position(partition);
            long first = firstOpen.getOrDefault(partition, next);
            String note = new CommitNote(first, books.newest()).toString();
            offsets.put(partition, new OffsetAndMetadata(next, note));
        }
        return offsets;
    }

    private Map<String, Long> commandsRead() {
        Map<String, Long> read = new HashMap<>();
        queues().forEach(queue -> read.put(queue.topic(), consumer.position(queue)));
        return read;
    }

    private boolean isReadToTheEnd(List<TopicPartition> these) {
        return these.stream().allMatch(each -> consumer.currentLag(each).orElse(1) == 0);
    }

    private List<TopicPartition> queues() {
        return partitions.stream().filter(p -> p.topic().startsWith(Topics.SPAWN_PREFIX)).toList();
    }
}
