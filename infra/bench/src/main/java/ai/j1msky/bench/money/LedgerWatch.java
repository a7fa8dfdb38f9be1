package ai.j1msky.bench.money;

import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// Counts the entries that come on the ledger, once they are committed.
final class LedgerWatch implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Consumer<byte[], byte[]> reader;

    /// From here on.
    LedgerWatch(LogClients clients) {
        reader = clients.reader("ledger-watch");
        List<TopicPartition> partitions =
                IntStream.range(0, Topics.LEDGER.partitions())
                        .mapToObj(number -> new TopicPartition(Topics.LEDGER.name(), number))
                        .toList();
        reader.assign(partitions);
        reader.seekToEnd(partitions);
        partitions.forEach(reader::position); // seekToEnd alone is lazy
    }

    /// Entries per second, from the first commit on; its own entries do not count, since they were made before.
    ///
    /// @param entries how many to wait for
    /// @throws IllegalStateException when nothing comes for a minute, or too much
    double rateOf(long entries) {
        long first = 0;
        long firstAt = 0;
        long seen = 0;
        long heard = System.nanoTime();
        while (seen < entries) {
            int come = reader.poll(POLL).count();
            long now = System.nanoTime();
            if (come > 0 && seen == 0) {
                first = come;
                firstAt = now;
            }
            seen += come;
            heard = come > 0 ? now : heard;
            if (now - heard > PATIENCE.toNanos()) {
                throw new IllegalStateException(
                        "only " + seen + " of " + entries + " entries came on the ledger");
            }
        }
        if (seen > entries || reader.poll(POLL).count() > 0) {
            throw new IllegalStateException("more than " + entries + " entries on the ledger");
        }
        return (entries - first) * NANOS_PER_SECOND / (heard - firstAt);
    }

    @Override
    public void close() {
        reader.close();
    }
}
