package ai.j1msky.bench.measure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads the agents' events as they are written, from a thread of its own.
public final class EventFeed implements AutoCloseable {

    private static final String TOPIC = "j1msky.agent.events";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long OPEN_SECONDS = 30;
    private static final long CLOSE_MILLIS = 10_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Listener listener;
    private final CountDownLatch positioned = new CountDownLatch(1);
    private final Thread thread = new Thread(this::read, "bench-events");
    private volatile boolean closed;

    private EventFeed(String bootstrap, Listener listener) {
        this.listener = listener;
        this.consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrap,
                                "enable.auto.commit",
                                false,
                                "max.poll.records",
                                5000),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
    }

    /// Returns when every event written from now on will reach the listener.
    ///
    /// @throws IllegalStateException when Kafka does not answer in half a minute
    public static EventFeed open(String bootstrap, Listener listener) {
        EventFeed feed = new EventFeed(bootstrap, listener);
        feed.thread.setDaemon(true);
        feed.thread.start();
        try {
            if (!feed.positioned.await(OPEN_SECONDS, TimeUnit.SECONDS)) {
                feed.close();
                throw new IllegalStateException("the agents' events cannot be read");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            feed.close();
            throw new IllegalStateException("interrupted before the events were read", interrupted);
        }
        return feed;
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (consumer) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(TOPIC).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position); // seekToEnd alone is lazy
            positioned.countDown();
            while (!closed) {
                deliver(consumer.poll(POLL), System.nanoTime());
            }
        } catch (WakeupException expected) {
            // Only close() wakes the consumer up.
        }
    }

    private void deliver(ConsumerRecords<byte[], byte[]> records, long nanoTime) {
        for (ConsumerRecord<byte[], byte[]> event : records) {
            Header type = event.headers().lastHeader("ce_type");
            if (type != null && event.key() != null) {
                listener.arrived(text(type.value()), text(event.key()), nanoTime);
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// Is told of every event, on the feed's thread.
    public interface Listener {

        /// @param type the CloudEvents type, for example `ai.j1msky.agent.completed.v1`
        /// @param agentId the record's key
        /// @param nanoTime when the poll that brought it returned, as [System#nanoTime]
        void arrived(String type, String agentId, long nanoTime);
    }
}
