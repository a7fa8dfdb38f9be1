package ai.j1msky.infra.testkit.log;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.EntryType;
import ai.j1msky.common.log.Keep;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.log.TopicSetup;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;

/// A topic of one test's own, with a writer to it.
record Notes(EntryCodec<Note> codec, LogClients clients, Producer<byte[], byte[]> producer)
        implements AutoCloseable {

    static final Duration DELIVERY = Duration.ofSeconds(4);

    /// An entry like those of the product.
    record Note(String logKey, String text, Instant at) implements LogEntry {
        @Override
        public String logId() {
            return logKey + "/" + at;
        }
    }

    static EntryCodec<Note> codec(String topic, int partitions, Keep keep) {
        return new EntryCodec<>(
                new Topic<>(
                        topic, partitions, keep, List.of(new EntryType<>("note.v1", Note.class))));
    }

    /// Creates the topic and a producer that knows it.
    static Notes on(String bootstrap, String topic, int partitions, Keep keep)
            throws InterruptedException {
        EntryCodec<Note> codec = codec(topic, partitions, keep);
        LogClients clients = new LogClients(bootstrap, topic);
        try (Admin admin = clients.admin()) {
            TopicSetup.ensure(admin, List.of(codec.topic()));
        }
        return new Notes(
                codec,
                clients,
                clients.producer(DELIVERY, List.of(topic, codec.topic().deadLetters())));
    }

    static Note note(String key, String text) {
        return new Note(key, text, Instant.parse("2026-11-23T12:00:00Z"));
    }

    LogWriter writer() {
        return new LogWriter(producer, URI.create("/j1msky/test"));
    }

    Position write(String key, String text) throws Exception {
        return writer().append(codec, note(key, text)).get(10, TimeUnit.SECONDS);
    }

    /// Writes as soon as the log can be reached again.
    Position writeOnceReachable(String key, String text) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> write(key, text), position -> true);
    }

    Position delete(String key) throws Exception {
        return writer().delete(codec, key).get(10, TimeUnit.SECONDS);
    }

    /// A record that no codec can read.
    Position writeNoise(String key) throws Exception {
        RecordMetadata sent =
                producer.send(
                                new ProducerRecord<>(
                                        codec.topic().name(),
                                        key.getBytes(StandardCharsets.UTF_8),
                                        new byte[] {1, 2, 3}))
                        .get(10, TimeUnit.SECONDS);
        return new Position(sent.topic(), sent.partition(), sent.offset());
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
