package ai.j1msky.gateway.privacy;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.gateway.privacy.Archive.Line;
import ai.j1msky.gateway.reading.Stretch;
import ai.j1msky.gateway.reading.StretchReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A part of what stands on a partition now, the oldest entry first.
final class TopicLines<T extends LogEntry> implements Part {

    private static final int PIECE = 100;
    private static final int PIECE_BYTES = 128 * 1024;
    private static final Duration LONGEST = Duration.ofMinutes(30);

    private final StretchReader reader;
    private final EntryCodec<T> codec;
    private final Function<T, Optional<Line>> line;

    /// @param line of an entry; empty for one that does not belong there
    TopicLines(
            LogClients clients,
            EntryCodec<T> codec,
            TopicPartition partition,
            Function<T, Optional<Line>> line) {
        this.reader =
                StretchReader.open(
                        clients.seeker("export", PIECE, PIECE_BYTES),
                        Stretch.whole(partition),
                        System.nanoTime() + LONGEST.toNanos());
        this.codec = codec;
        this.line = line;
    }

    @Override
    public @Nullable List<Line> next() {
        if (reader.isAtEnd()) {
            return null;
        }
        List<Line> lines = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : reader.next()) {
            if (codec.read(record) instanceof ReadResult.Entry<T>(T entry)) {
                line.apply(entry).ifPresent(lines::add);
            }
        }
        return lines;
    }

    @Override
    public void close() {
        reader.close();
    }
}
