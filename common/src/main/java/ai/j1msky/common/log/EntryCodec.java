package ai.j1msky.common.log;

import ai.j1msky.common.id.AccountId;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// Entries as Kafka records: CloudEvents 1.0 in binary mode (attributes in `ce_…` headers, the payload as JSON).
///
/// Reading never throws: bytes come first, decoding second, and what cannot be decoded is a [ReadResult.Poison].
public final class EntryCodec<T extends LogEntry> {

    private static final String TYPE_HEADER = "ce_type";
    private static final String ACCOUNT_HEADER = "j1msky_account";

    private final Topic<T> topic;
    private final Map<String, EntryType<? extends T>> byName = new HashMap<>();
    private final Map<Class<?>, String> names = new HashMap<>();

    public EntryCodec(Topic<T> topic) {
        this.topic = topic;
        for (EntryType<? extends T> type : topic.types()) {
            byName.put(type.name(), type);
            names.put(type.body(), type.name());
        }
    }

    public Topic<T> topic() {
        return topic;
    }

    /// The record to send.
    ///
    /// @param source the CloudEvents `source`, for example `/j1msky/gateway`
    public ProducerRecord<byte[], byte[]> write(T entry, URI source) {
        String type = names.get(entry.getClass());
        if (type == null) {
            throw new IllegalArgumentException(
                    entry.getClass() + " may not travel on " + topic.name());
        }
        CloudEvent event =
                CloudEventBuilder.v1()
                        .withId(entry.logId())
                        .withSource(source)
                        .withType(type)
                        .withTime(entry.at().atOffset(ZoneOffset.UTC))
                        .withDataContentType("application/json")
                        .withData(WireJson.MAPPER.writeValueAsBytes(entry))
                        .build();
        byte[] key = entry.logKey().getBytes(StandardCharsets.UTF_8);
        return KafkaMessageFactory.<byte[]>createWriter(topic.name(), key).writeBinary(event);
    }

    /// The record that deletes a key of a compacted topic.
    public ProducerRecord<byte[], byte[]> tombstone(String key) {
        return new ProducerRecord<>(topic.name(), key.getBytes(StandardCharsets.UTF_8), null);
    }

    /// The same, which says whose the entry was: [#accountOf] finds it.
    public ProducerRecord<byte[], byte[]> tombstone(String key, AccountId account) {
        ProducerRecord<byte[], byte[]> record = tombstone(key);
        record.headers().add(ACCOUNT_HEADER, account.value().getBytes(StandardCharsets.UTF_8));
        return record;
    }

    public ReadResult<T> read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return record.key() != null && topic.isCompacted()
                    ? new ReadResult.Tombstone<>(keyOf(record))
                    : new ReadResult.Poison<>("no payload");
        }
        try {
            CloudEvent event = KafkaMessageFactory.createReader(record).toEvent();
            EntryType<? extends T> type = byName.get(event.getType());
            if (type == null) {
                return new ReadResult.Poison<>("unknown type");
            }
            CloudEventData data = event.getData();
            if (data == null) {
                return new ReadResult.Poison<>("no payload");
            }
            T body = WireJson.MAPPER.readValue(data.toBytes(), type.body());
            if (body == null) {
                return new ReadResult.Poison<>("payload is null");
            }
            if (record.key() == null || !body.logKey().equals(keyOf(record))) {
                return new ReadResult.Poison<>("record key differs from the payload");
            }
            return new ReadResult.Entry<>(body);
        } catch (RuntimeException malformed) {
            // Any: the decoders below throw what they like, a missing header is an
            // IllegalStateException. Class names only: their messages may quote the record.
            return new ReadResult.Poison<>("malformed: " + malformed.getClass().getSimpleName());
        }
    }

    /// The record's CloudEvents type without decoding anything else, or null when it has none.
    public static @Nullable String typeOf(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(TYPE_HEADER);
        return header == null || header.value() == null
                ? null
                : new String(header.value(), StandardCharsets.UTF_8);
    }

    /// Whose entry a tombstone deletes; empty when it does not say.
    public static Optional<AccountId> accountOf(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(ACCOUNT_HEADER);
        return Optional.ofNullable(header)
                .map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .filter(AccountId::isValid)
                .map(AccountId::new);
    }

    /// The record's key as text; empty when it has none.
    public static String keyOf(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }
}
