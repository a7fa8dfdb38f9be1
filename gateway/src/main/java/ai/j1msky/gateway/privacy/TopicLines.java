package ai.j1msky.gateway.privacy;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.gateway.reading.Stretch;
import ai.j1msky.gateway.reading.StretchReader;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.TopicPartition;

/// A partition's entries, read as they are asked for.
final class TopicLines {

    private static final int PIECE = 100;
    private static final int PIECE_BYTES = 128 * 1024;

    private TopicLines() {}

    /// Those that are there now, the oldest first. Close it.
    ///
    /// @param deadline when to give up, as [System#nanoTime] tells the time
    static <T extends LogEntry> Stream<T> of(
            LogClients clients,
            EntryCodec<T> codec,
            TopicPartition partition,
            Predicate<T> wanted,
            long deadline) {
        StretchReader reader =
                StretchReader.open(
                        clients.seeker("export", PIECE, PIECE_BYTES),
                        Stretch.whole(partition),
                        deadline);
        return pieces(reader, codec).flatMap(List::stream).filter(wanted).onClose(reader::close);
    }

    private static <T extends LogEntry> Stream<List<T>> pieces(
            StretchReader reader, EntryCodec<T> codec) {
        Iterator<List<T>> pieces =
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return !reader.isAtEnd();
                    }

                    @Override
                    public List<T> next() {
                        return reader.next().stream()
                                .map(codec::read)
                                .flatMap(
                                        read ->
                                                read instanceof ReadResult.Entry<T>(T body)
                                                        ? Stream.of(body)
                                                        : Stream.of())
                                .toList();
                    }
                };
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(pieces, Spliterator.ORDERED), false);
    }
}
