package ai.j1msky.infra.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKafkaTest {

    private static final TopicPartition COLOURS = new TopicPartition("colours", 0);

    @TempDir private Path directory;

    @Test
    void topicsAndRecordsAreThereAfterARestart() throws Exception {
        // Given
        LocalKafkaSettings settings = LocalKafkaSettings.in(directory);
        int port;
        try (LocalKafka first = LocalKafka.start(settings)) {
            port = first.port();
            createTopic(first);
            send(first, "blue");
        }

        // When
        try (LocalKafka second = LocalKafka.start(settings.onPort(port))) {
            send(second, "green");

            // Then
            assertThat(read(second, 2)).containsExactly("blue", "green");
        }
    }

    @Test
    void aShareConsumerIsHandedARecord() throws Exception {
        // Given
        try (LocalKafka kafka = LocalKafka.start(LocalKafkaSettings.in(directory))) {
            createTopic(kafka);
            readShareGroupFromTheStart(kafka, "painters");
            send(kafka, "blue");

            // When
            List<String> taken = new ArrayList<>();
            try (ShareConsumer<String, String> consumer =
                    new KafkaShareConsumer<>(
                            Map.of(
                                    "bootstrap.servers",
                                    kafka.bootstrapServers(),
                                    "group.id",
                                    "painters"),
                            new StringDeserializer(),
                            new StringDeserializer())) {
                consumer.subscribe(List.of("colours"));
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .until(
                                () -> {
                                    consumer.poll(Duration.ofMillis(200))
                                            .forEach(record -> taken.add(record.value()));
                                    return !taken.isEmpty();
                                });
            }

            // Then
            assertThat(taken).containsExactly("blue");
        }
    }

    @Test
    void recordsOfTwoMebibytesAreTaken() throws Exception {
        // Given
        try (LocalKafka kafka = LocalKafka.start(LocalKafkaSettings.in(directory))) {
            createTopic(kafka);

            // When
            send(kafka, "x".repeat(2 * 1024 * 1024));

            // Then
            assertThat(read(kafka, 1))
                    .singleElement()
                    .satisfies(v -> assertThat(v).hasSize(2 << 20));
        }
    }

    private static void createTopic(LocalKafka kafka) throws Exception {
        try (Admin admin = admin(kafka)) {
            admin.createTopics(List.of(new NewTopic(COLOURS.topic(), 1, (short) 1))).all().get();
        }
    }

    private static void readShareGroupFromTheStart(LocalKafka kafka, String group)
            throws Exception {
        try (Admin admin = admin(kafka)) {
            ConfigEntry earliest = new ConfigEntry("share.auto.offset.reset", "earliest");
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.GROUP, group),
                                    List.of(new AlterConfigOp(earliest, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private static Admin admin(LocalKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    private static void send(LocalKafka kafka, String value) throws Exception {
        try (Producer<String, String> producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "acks",
                                "all",
                                "max.request.size",
                                3 << 20),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.send(new ProducerRecord<>(COLOURS.topic(), value)).get();
        }
    }

    private static List<String> read(LocalKafka kafka, int count) {
        List<String> values = new ArrayList<>();
        try (Consumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.assign(List.of(COLOURS));
            consumer.seekToBeginning(List.of(COLOURS));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(
                            () -> {
                                consumer.poll(Duration.ofMillis(200))
                                        .forEach(record -> values.add(record.value()));
                                return values.size() >= count;
                            });
        }
        return values;
    }
}
