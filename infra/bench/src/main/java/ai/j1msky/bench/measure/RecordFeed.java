package ai.j1msky.bench.measure;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogEntry;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Writes records to topics as the services write them.
public final class RecordFeed implements AutoCloseable {

    private static final URI SOURCE = URI.create("/j1msky/bench");

    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    public RecordFeed(String bootstrap) {
        producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrap,
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                ProducerConfig.LINGER_MS_CONFIG,
                                5,
                                // With more, a batch that is sent again has others before it.
                                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                                1),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    public <T extends LogEntry> void send(EntryCodec<T> codec, T entry) {
        Future<RecordMetadata> _ =
                producer.send(
                        codec.write(entry, SOURCE),
                        (metadata, failed) -> {
                            if (failed != null) {
                                failure.set(failed);
                            }
                        });
    }

    /// Returns when all that was sent is on the log.
    ///
    /// @throws IllegalStateException when it is not
    public void flush() {
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("records could not be written", failed);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
