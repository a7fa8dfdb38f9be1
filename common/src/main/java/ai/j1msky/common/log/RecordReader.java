package ai.j1msky.common.log;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads single records by their position: commands to send again, texts too large for a view.
///
/// Blocking; one read at a time (callers wait for each other), which is enough for what is rare.
public final class RecordReader implements AutoCloseable {

    private static final Duration LONGEST_READ = Duration.ofSeconds(3);

    private final LogClients clients;
    private @Nullable Consumer<byte[], byte[]> consumer;

    public RecordReader(LogClients clients) {
        this.clients = clients;
    }

    /// The entry at that position; empty when it is no longer there or cannot be read.
    ///
    /// @throws KafkaException when the log does not answer
    public synchronized <T extends LogEntry> Optional<T> read(
            EntryCodec<T> codec, Position position) {
        if (consumer == null) {
            consumer = clients.seeker("record-reader");
        }
        Consumer<byte[], byte[]> reader = consumer;
        TopicPartition partition = new TopicPartition(position.topic(), position.partition());
        reader.assign(List.of(partition));
        reader.seek(partition, position.offset());
        long deadline = System.nanoTime() + LONGEST_READ.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(200))) {
                if (record.offset() == position.offset()
                        && codec.read(record) instanceof ReadResult.Entry<T>(T body)) {
                    return Optional.of(body);
                }
                return Optional.empty();
            }
        }
        throw new KafkaException("the log did not answer within " + LONGEST_READ);
    }

    @Override
    public synchronized void close() {
        if (consumer != null) {
            consumer.close();
            consumer = null;
        }
    }
}
