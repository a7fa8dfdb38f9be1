package ai.j1msky.bench.floor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The topic of the floor: twelve partitions, an idempotent producer, every record acknowledged by all replicas.
///
/// Records have no key: the producer then fills one partition's batch after the other, which is the fastest way.
final class FloorTopic implements AutoCloseable {

    private static final String NAME = "floor";
    private static final int PARTITIONS = 12;

    private final KafkaProducer<byte[], byte[]> producer;

    /// Creates the topic unless it exists, and fetches its metadata so that [#append] does not wait for it.
    FloorTopic(String bootstrap) throws InterruptedException {
        create(bootstrap);
        producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrap,
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                true,
                                ProducerConfig.LINGER_MS_CONFIG,
                                0),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        producer.partitionsFor(NAME);
    }

    /// Completes when the broker has acknowledged the record.
    @SuppressWarnings("FutureReturnValueIgnored") // the callback carries the outcome
    CompletionStage<Void> append(byte[] value) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        producer.send(
                new ProducerRecord<>(NAME, value),
                (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.complete(null);
                    } else {
                        acknowledged.completeExceptionally(failure);
                    }
                });
        return acknowledged;
    }

    @Override
    public void close() {
        producer.close();
    }

    private static void create(String bootstrap) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            NewTopic topic = new NewTopic(NAME, Optional.of(PARTITIONS), Optional.empty());
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("the floor's topic could not be created", failed);
            }
        }
    }
}
