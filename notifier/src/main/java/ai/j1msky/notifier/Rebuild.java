package ai.j1msky.notifier;

import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.CommitNote;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.LogScan;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.DeliveryAttempt;
import ai.j1msky.common.webhook.DeliveryId;
import ai.j1msky.common.webhook.DeliveryRecord;
import ai.j1msky.common.webhook.WebhookDelivery;
import ai.j1msky.common.webhook.WebhookState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Makes the notifier's memory again: the agents that had not ended, from the log up to the committed offsets (what those
/// records bring about was written already), the deliveries that have not ended, and how endpoints stand.
final class Rebuild {

    /// Copies of what was told within this time, by the log's clock, are known again.
    private static final Duration TOLD_KEPT = Duration.ofMinutes(15);

    private final LogClients clients;
    private final Map<String, EntryCodec<? extends LogEntry>> sources;

    /// @param sources how the topics are read whose records are told of, by their names
    Rebuild(LogClients clients, Map<String, EntryCodec<? extends LogEntry>> sources) {
        this.clients = clients;
        this.sources = sources;
    }

    /// @param committed how far each partition was read, and where to begin; null for those that were never read. Of
    ///     deliveries: before which all have ended
    Memory from(Map<TopicPartition, OffsetAndMetadata> committed) {
        Instant newest = newest(committed.values());
        Memory memory = Memory.of(new Lives(newest));
        try (Consumer<byte[], byte[]> reader = clients.reader("notifier-rebuild")) {
            replay(reader, committed, memory.lives());
            loadStates(reader, memory);
            loadDeliveries(reader, committed, newest, memory);
        }
        return memory;
    }

    private static Instant newest(Collection<OffsetAndMetadata> committed) {
        return committed.stream()
                .filter(read -> read != null && !read.metadata().isEmpty())
                .map(read -> CommitNote.parse(read.metadata()).newest())
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    private void replay(
            Consumer<byte[], byte[]> reader,
            Map<TopicPartition, OffsetAndMetadata> committed,
            Lives lives) {
        Map<TopicPartition, Long> begins = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        committed.forEach(
                (partition, read) -> {
                    if (read != null && !read.metadata().isEmpty()) {
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
                                    instanceof ReadResult.Entry<? extends LogEntry> entry
                            && Lives.concerns(entry.body())) {
                        List<Occurrence> _ =
                                lives.read(
                                        entry.body(),
                                        partition,
                                        record.offset(),
                                        Instant.ofEpochMilli(record.timestamp()));
                    }
                });
    }

    private static void loadStates(Consumer<byte[], byte[]> reader, Memory memory) {
        EntryCodec<WebhookState> codec = new EntryCodec<>(Topics.WEBHOOK_STATES);
        LogScan.readAll(
                reader,
                Topics.WEBHOOK_STATES,
                (record, partition) -> {
                    if (codec.read(record)
                            instanceof ReadResult.Entry<WebhookState>(WebhookState state)) {
                        memory.states().put(state.webhookId(), state);
                    }
                });
    }

    private static void loadDeliveries(
            Consumer<byte[], byte[]> reader,
            Map<TopicPartition, OffsetAndMetadata> committed,
            Instant newest,
            Memory memory) {
        Instant since =
                newest.isAfter(Instant.EPOCH.plus(TOLD_KEPT))
                        ? newest.minus(TOLD_KEPT)
                        : Instant.EPOCH;
        Map<TopicPartition, Long> begins = LogScan.since(reader, Topics.WEBHOOK_DELIVERIES, since);
        begins.replaceAll(
                (partition, told) -> {
                    OffsetAndMetadata ended = committed.get(partition);
                    return ended == null ? 0 : Math.min(told, ended.offset());
                });
        begins.putAll(
                reader.beginningOffsets(begins.keySet()).entrySet().stream()
                        .filter(first -> first.getValue() > begins.getOrDefault(first.getKey(), 0L))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        Map<DeliveryId, Pending> pending = new LinkedHashMap<>();
        EntryCodec<DeliveryRecord> codec = new EntryCodec<>(Topics.WEBHOOK_DELIVERIES);
        LogScan.read(
                reader,
                begins,
                reader.endOffsets(begins.keySet()),
                (record, partition) -> {
                    if (codec.read(record)
                            instanceof ReadResult.Entry<DeliveryRecord>(DeliveryRecord entry)) {
                        fold(entry, record, pending, memory);
                    }
                });
        Map<AgentId, WrappedKey> keys =
                keys(
                        reader,
                        pending.values().stream()
                                .map(Pending::agent)
                                .filter(Objects::nonNull)
                                .collect(Collectors.toSet()));
        memory.due()
                .add(
                        pending.values().stream()
                                .map(
                                        delivery ->
                                                delivery.agent() == null
                                                        ? delivery
                                                        : delivery.with(keys.get(delivery.agent())))
                                .toList());
    }

    private static void fold(
            DeliveryRecord entry,
            ConsumerRecord<byte[], byte[]> record,
            Map<DeliveryId, Pending> pending,
            Memory memory) {
        switch (entry) {
            case WebhookDelivery made -> {
                memory.recent().add(made.deliveryId());
                Position position =
                        new Position(record.topic(), record.partition(), record.offset());
                pending.putIfAbsent(
                        made.deliveryId(), Pending.made(made, position, null, made.at()));
            }
            case DeliveryAttempt attempt -> {
                Instant next = attempt.next();
                if (next == null) {
                    pending.remove(attempt.deliveryId());
                } else {
                    pending.computeIfPresent(
                            attempt.deliveryId(), (id, delivery) -> delivery.again(next));
                }
            }
        }
    }

    /// The newest data keys of agents.
    static Map<AgentId, WrappedKey> keys(Consumer<byte[], byte[]> reader, Set<AgentId> wanted) {
        Map<AgentId, WrappedKey> keys = new HashMap<>();
        if (wanted.isEmpty()) {
            return keys;
        }
        EntryCodec<DataKeyEntry> codec = new EntryCodec<>(Topics.DATA_KEYS);
        LogScan.readAll(
                reader,
                Topics.DATA_KEYS,
                (record, partition) -> {
                    String id = EntryCodec.keyOf(record);
                    if (AgentId.isValid(id) && wanted.contains(new AgentId(id))) {
                        switch (codec.read(record)) {
                            case ReadResult.Entry<DataKeyEntry>(DataKeyEntry entry) ->
                                    keys.put(entry.agentId(), entry.wrapped());
                            case ReadResult.Tombstone<DataKeyEntry> _ ->
                                    keys.remove(new AgentId(id));
                            case ReadResult.Poison<DataKeyEntry> _ -> {
                                // The projection puts it among the dead letters.
                            }
                        }
                    }
                });
        return keys;
    }
}
