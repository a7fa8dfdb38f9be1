package ai.j1msky.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.log.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;

/// The log as an intruder or a repeating network would reach it: raw records in and out.
final class LogAccess {

    /// No more records than find room in the producer's memory.
    private static final int AT_ONCE = 50;

    private static final String REPEATED = "e2e_repeated";

    private final LogClients clients;

    LogAccess(String bootstrap) {
        this.clients = new LogClients(bootstrap, "e2e");
    }

    /// What a dead letter says of itself: where the record stood, and why nobody could read it.
    record Letter(String origin, String reason) {}

    /// Appends raw records to a topic and returns where they went.
    List<RecordMetadata> produce(Topic<?> topic, List<ProducerRecord<byte[], byte[]>> records)
            throws InterruptedException, ExecutionException {
        List<RecordMetadata> places = new ArrayList<>();
        try (Producer<byte[], byte[]> producer =
                clients.producer(Duration.ofSeconds(10), List.of(topic.name()))) {
            for (int from = 0; from < records.size(); from += AT_ONCE) {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (ProducerRecord<byte[], byte[]> record :
                        records.subList(from, Math.min(records.size(), from + AT_ONCE))) {
                    sent.add(producer.send(record));
                }
                for (Future<RecordMetadata> each : sent) {
                    places.add(each.get());
                }
            }
        }
        return places;
    }

    /// Appends everything a topic holds once more, and says how many records that were. Those that it appended before are
    /// not among them: what doubles each time soon keeps everyone busy for minutes.
    int repeat(Topic<?> topic) throws InterruptedException, ExecutionException {
        List<ProducerRecord<byte[], byte[]>> copies =
                read(topic.name()).stream()
                        .filter(record -> record.headers().lastHeader(REPEATED) == null)
                        .map(
                                record ->
                                        new ProducerRecord<>(
                                                record.topic(),
                                                record.partition(),
                                                record.key(),
                                                record.value(),
                                                record.headers().add(REPEATED, new byte[0])))
                        .toList();
        return produce(topic, copies).size();
    }

    /// Changes a topic's settings.
    void configure(Topic<?> topic, Map<String, String> settings)
            throws InterruptedException, ExecutionException {
        try (Admin admin = clients.admin()) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, topic.name()),
                                    settings.entrySet().stream()
                                            .map(
                                                    each ->
                                                            new AlterConfigOp(
                                                                    new ConfigEntry(
                                                                            each.getKey(),
                                                                            each.getValue()),
                                                                    AlterConfigOp.OpType.SET))
                                            .toList()))
                    .all()
                    .get();
        }
    }

    /// What the topic's dead letters say of their origins and reasons.
    List<Letter> deadLetters(Topic<?> topic) {
        return read(topic.deadLetters()).stream()
                .map(
                        record ->
                                new Letter(
                                        header(record, "j1msky_origin"),
                                        header(record, "j1msky_reason")))
                .toList();
    }

    /// All entries of a topic that can be read.
    <T extends LogEntry> List<T> entries(Topic<T> topic) {
        return entries(topic, Instant.MAX);
    }

    /// All entries that stood on a topic at that time.
    <T extends LogEntry> List<T> entries(Topic<T> topic, Instant at) {
        EntryCodec<T> codec = new EntryCodec<>(topic);
        List<T> entries = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : read(topic.name())) {
            if (!Instant.ofEpochMilli(record.timestamp()).isAfter(at)
                    && codec.read(record) instanceof ReadResult.Entry<T>(T entry)) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    /// All records of a topic up to its present end.
    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = clients.reader("reader")) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }
}
