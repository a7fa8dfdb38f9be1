package ai.j1msky.gateway;

import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;

/// Closes the producer when the gateway stops, after it sent what it has.
record LogProducer(Producer<byte[], byte[]> producer) implements AutoCloseable {
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(3));
    }
}
