package ai.j1msky.common.topic;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.EntryType;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.log.WireJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One type on one topic, with the schema and the golden sample that belong to it.
record Contract<T extends LogEntry>(Topic<T> topic, EntryType<? extends T> type) {

    static final String DIRECTORY = "/contracts/v1/";
    private static final URI SOURCE = URI.create("/j1msky/test");

    static Stream<Contract<?>> all() {
        return Topics.ALL.stream().flatMap(topic -> of(topic).stream());
    }

    static <T extends LogEntry> List<Contract<T>> of(Topic<T> topic) {
        return topic.types().stream().map(type -> new Contract<T>(topic, type)).toList();
    }

    /// For example `agent-completed` for `ai.j1msky.agent.completed.v1`.
    String shortName() {
        return type.name().replaceAll("^ai\\.j1msky\\.(.+)\\.v1$", "$1").replace('.', '-');
    }

    JsonNode schema() {
        return resource(shortName() + ".schema.json");
    }

    JsonNode sample() {
        return resource(shortName() + ".sample.json");
    }

    T read(JsonNode json) {
        return WireJson.MAPPER.treeToValue(json, type.body());
    }

    /// The record as another process would receive it.
    ConsumerRecord<byte[], byte[]> sent(T entry) {
        ProducerRecord<byte[], byte[]> sent = new EntryCodec<>(topic).write(entry, SOURCE);
        return received(sent.key(), sent.value(), sent);
    }

    ConsumerRecord<byte[], byte[]> sentSample() {
        return sent(read(sample()));
    }

    /// The sample's record with another key and payload under the same headers.
    ConsumerRecord<byte[], byte[]> sentSampleWith(byte @Nullable [] key, byte @Nullable [] value) {
        T entry = read(sample());
        return received(key, value, new EntryCodec<>(topic).write(entry, SOURCE));
    }

    ReadResult<T> receive(ConsumerRecord<byte[], byte[]> record) {
        return new EntryCodec<>(topic).read(record);
    }

    private ConsumerRecord<byte[], byte[]> received(
            byte @Nullable [] key, byte @Nullable [] value, ProducerRecord<byte[], byte[]> sent) {
        return new ConsumerRecord<>(
                topic.name(),
                0,
                7,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                value,
                sent.headers(),
                Optional.empty());
    }

    private static JsonNode resource(String name) {
        try (InputStream json = Contract.class.getResourceAsStream(DIRECTORY + name)) {
            if (json == null) {
                throw new AssertionError("there is no " + DIRECTORY + name);
            }
            return WireJson.MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return shortName() + " on " + topic.name();
    }
}
