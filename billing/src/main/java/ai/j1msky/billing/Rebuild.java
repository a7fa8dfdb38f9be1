package ai.j1msky.billing;

import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.UsageTotal;
import ai.j1msky.common.log.CommitNote;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.LogScan;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.topic.Topics;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Makes books and totals again: the newest figures of every account, which agents were settled lately, and the agents
/// that were open, from the log up to the committed offsets. What that moves is on the ledger already.
final class Rebuild {

    private final LogClients clients;
    private final Map<String, EntryCodec<? extends LogEntry>> sources;

    Rebuild(LogClients clients, Map<String, EntryCodec<? extends LogEntry>> sources) {
        this.clients = clients;
        this.sources = sources;
    }

    /// @param committed how far each partition was read, and where to begin; null for those that were never read
    /// @param totals to be filled
    Rebuilt from(Map<TopicPartition, OffsetAndMetadata> committed, Totals totals) {
        Instant newest = newest(committed.values());
        Books books = new Books(newest);
        try (Consumer<byte[], byte[]> reader = clients.reader("billing-rebuild")) {
            loadTotals(reader, totals);
            loadSettled(reader, settledSince(newest), books);
            replay(reader, committed, books);
        }
        return new Rebuilt(books, totals);
    }

    private static void loadTotals(Consumer<byte[], byte[]> reader, Totals totals) {
        EntryCodec<UsageTotal> codec = new EntryCodec<>(Topics.USAGE);
        LogScan.readAll(
                reader,
                Topics.USAGE,
                (record, partition) -> {
                    if (codec.read(record) instanceof ReadResult.Entry<UsageTotal>(UsageTotal t)) {
                        totals.load(t);
                    }
                });
    }

    /// When the log took the newest record that was read.
    private static Instant newest(Collection<OffsetAndMetadata> committed) {
        return committed.stream()
                .filter(Objects::nonNull)
                .map(read -> CommitNote.parse(read.metadata()).newest())
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /// By the time of what was read, not by any clock here.
    private static Instant settledSince(Instant newest) {
        return newest.isAfter(Instant.EPOCH.plus(Books.SETTLED_KEPT))
                ? newest.minus(Books.SETTLED_KEPT)
                : Instant.EPOCH;
    }

    private static void loadSettled(Consumer<byte[], byte[]> reader, Instant since, Books books) {
        EntryCodec<LedgerEntry> codec = new EntryCodec<>(Topics.LEDGER);
        LogScan.read(
                reader,
                LogScan.since(reader, Topics.LEDGER, since),
                reader.endOffsets(LogScan.partitions(Topics.LEDGER)),
                (record, partition) -> {
                    if (codec.read(record)
                            instanceof ReadResult.Entry<LedgerEntry>(LedgerEntry entry)) {
                        books.remember(entry);
                    }
                });
    }

    private void replay(
            Consumer<byte[], byte[]> reader,
            Map<TopicPartition, OffsetAndMetadata> committed,
            Books books) {
        Map<TopicPartition, Long> begins = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        committed.forEach(
                (partition, read) -> {
                    if (read != null) {
                        begins.put(partition, CommitNote.parse(read.metadata()).first());
                        ends.put(partition, read.offset());
                    }
                });
        LogScan.read(
                reader,
                begins,
                ends,
                (record, partition) -> {
                    EntryCodec<? extends LogEntry> codec = sources.get(record.topic());
                    if (codec != null
                            && codec.read(record)
                                    instanceof ReadResult.Entry<? extends LogEntry> entry) {
                        Instant taken = Instant.ofEpochMilli(record.timestamp());
                        List<LedgerEntry> _ =
                                books.read(entry.body(), partition, record.offset(), taken);
                    }
                });
    }
}
