package ai.j1msky.gateway.reading;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A part of a partition, by the times of its records. It may hold more than that, never less: records need not be in
/// the order of their times.
///
/// @param from records from the first on that has this time or a later one; null for the beginning
/// @param to records up to the first that has this time or a later one; null for the end
public record Stretch(TopicPartition partition, @Nullable Instant from, @Nullable Instant to) {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    public static Stretch whole(TopicPartition partition) {
        return new Stretch(partition, null, null);
    }

    /// The offset after its last record, as far as there are records now.
    long end(Consumer<byte[], byte[]> reader) {
        Long found = to == null ? null : offsetAt(reader, to);
        return found == null ? logEnd(reader) : found;
    }

    /// The offset of its first record.
    ///
    /// @param end what [#end] said
    long start(Consumer<byte[], byte[]> reader, long end) {
        long beginning =
                reader.beginningOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
        if (from == null) {
            return beginning;
        }
        Long found = offsetAt(reader, from);
        return found == null ? end : Math.max(beginning, found);
    }

    private long logEnd(Consumer<byte[], byte[]> reader) {
        return reader.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
    }

    private @Nullable Long offsetAt(Consumer<byte[], byte[]> reader, Instant time) {
        Map<TopicPartition, OffsetAndTimestamp> found =
                reader.offsetsForTimes(
                        Map.of(partition, Math.max(0, time.toEpochMilli())), PATIENCE);
        OffsetAndTimestamp offset = found.get(partition);
        return offset == null ? null : offset.offset();
    }
}
