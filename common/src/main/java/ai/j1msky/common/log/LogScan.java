package ai.j1msky.common.log;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/// Reads stretches of the log from end to end, as whoever makes its memory again does at its start.
public final class LogScan {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private LogScan() {}

    /// Every record from the one offset up to the other, in the order of each partition.
    ///
    /// @param reader reads committed records only, from where it is sought to
    /// @throws KafkaException when the log does not answer for half a minute
    public static void read(
            Consumer<byte[], byte[]> reader,
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends,
            BiConsumer<ConsumerRecord<byte[], byte[]>, TopicPartition> each) {
        reader.assign(begins.keySet());
        begins.forEach(reader::seek);
        long heard = System.nanoTime();
        while (begins.keySet().stream()
                .anyMatch(p -> reader.position(p) < ends.getOrDefault(p, 0L))) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < ends.getOrDefault(partition, 0L)) {
                    each.accept(record, partition);
                }
                heard = System.nanoTime();
            }
            if (System.nanoTime() - heard > SILENCE.toNanos()) {
                throw new KafkaException("the log did not answer in time");
            }
        }
    }

    /// All of a topic that is there now.
    public static void readAll(
            Consumer<byte[], byte[]> reader,
            Topic<?> topic,
            BiConsumer<ConsumerRecord<byte[], byte[]>, TopicPartition> each) {
        List<TopicPartition> partitions = partitions(topic);
        read(reader, reader.beginningOffsets(partitions), reader.endOffsets(partitions), each);
    }

    /// For each partition the offset of the first record that the log took at that time or later; the end when there is
    /// none. For topics that the broker stamps.
    public static Map<TopicPartition, Long> since(
            Consumer<byte[], byte[]> reader, Topic<?> topic, Instant time) {
        List<TopicPartition> partitions = partitions(topic);
        Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
        Map<TopicPartition, OffsetAndTimestamp> found =
                reader.offsetsForTimes(
                        partitions.stream()
                                .collect(Collectors.toMap(p -> p, p -> time.toEpochMilli())));
        Map<TopicPartition, Long> begins = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp first = found.get(partition);
            begins.put(
                    partition, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
        }
        return begins;
    }

    /// Where Kafka's producers put records with that key.
    public static TopicPartition partition(Topic<?> topic, String key) {
        int hash = Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8)));
        return new TopicPartition(topic.name(), hash % topic.partitions());
    }

    public static List<TopicPartition> partitions(Topic<?> topic) {
        return IntStream.range(0, topic.partitions())
                .mapToObj(number -> new TopicPartition(topic.name(), number))
                .toList();
    }
}
