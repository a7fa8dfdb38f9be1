package ai.j1msky.common.registry;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.ReadResult;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BinaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A compacted topic folded into memory by a thread of its own: a lookup costs no network, and goes on while the log
/// is away (then with what was known, see [#staleness]).
///
/// Whoever writes waits with [#reached] until the registry has read its record, so an answered change is seen.
/// Lookups are safe from any thread.
public final class FoldedRegistry<T extends LogEntry> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FoldedRegistry.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration LAG_CHECK = Duration.ofSeconds(1);

    private final EntryCodec<T> codec;
    private final LogClients clients;
    private final BinaryOperator<T> join;
    private final java.util.function.Consumer<Change<T>> onChange;
    private final Map<String, T> entries = new ConcurrentHashMap<>();
    private final ReadPositions positions = new ReadPositions();
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Consumer<byte[], byte[]> reading;
    private volatile long freshAt = System.nanoTime();

    /// A key's entry was set or, when `entry` is empty, deleted.
    public record Change<T>(String key, Optional<T> entry) {}

    /// A registry in which the last record of a key stands.
    ///
    /// @param onChange called on the registry's thread for each record, before it can be awaited; must not block
    public FoldedRegistry(
            EntryCodec<T> codec,
            LogClients clients,
            java.util.function.Consumer<Change<T>> onChange) {
        this(codec, clients, (known, read) -> read, onChange);
    }

    /// @param join what is known of a key and its next record, made into one; called on the registry's thread
    /// @param onChange called on the registry's thread for each record, before it can be awaited; must not block
    public FoldedRegistry(
            EntryCodec<T> codec,
            LogClients clients,
            BinaryOperator<T> join,
            java.util.function.Consumer<Change<T>> onChange) {
        this.codec = codec;
        this.clients = clients;
        this.join = join;
        this.onChange = onChange;
        this.thread =
                Thread.ofPlatform()
                        .name("registry-" + codec.topic().name())
                        .daemon()
                        .unstarted(this::run);
    }

    /// Starts reading. [#awaitCaughtUp] tells when the first pass is done.
    public void start() {
        thread.start();
    }

    /// Waits until everything that was on the topic at the start has been read; false when that took too long.
    public boolean awaitCaughtUp(Duration patience) throws InterruptedException {
        return caughtUp.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    public boolean isCaughtUp() {
        return caughtUp.getCount() == 0;
    }

    public Optional<T> find(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    public Collection<T> all() {
        return List.copyOf(entries.values());
    }

    /// How long ago this registry last knew that nothing newer was on the log.
    public Duration staleness() {
        return Duration.ofNanos(System.nanoTime() - freshAt);
    }

    /// Completes when the record at that position has been folded in.
    public CompletableFuture<Void> reached(Position position) {
        return positions.reached(position);
    }

    @Override
    public void close() {
        closed = true;
        Consumer<byte[], byte[]> consumer = reading;
        if (consumer != null) {
            consumer.wakeup();
        }
        LockSupport.unpark(thread);
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                thread.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                readForEver();
            } catch (WakeupException | InterruptException stop) {
                // closed says whether to go on
            } catch (KafkaException failure) {
                log.atWarn()
                        .addKeyValue("topic", codec.topic().name())
                        .addKeyValue("cause", failure.getClass().getSimpleName())
                        .log("registry reader starts again");
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void readForEver() {
        try (Consumer<byte[], byte[]> consumer =
                clients.reader("registry-" + codec.topic().name())) {
            reading = consumer;
            List<TopicPartition> partitions =
                    consumer.partitionsFor(codec.topic().name()).stream()
                            .map(FoldedRegistry::partitionOf)
                            .toList();
            if (partitions.isEmpty()) {
                throw new UnknownTopicOrPartitionException();
            }
            consumer.assign(partitions);
            resume(consumer, partitions);
            long nextLagCheck = System.nanoTime();
            while (!closed) {
                fold(consumer.poll(isCaughtUp() ? POLL : Duration.ofMillis(20)));
                partitions.forEach(p -> positions.advance(p.partition(), consumer.position(p)));
                if (!isCaughtUp() || System.nanoTime() >= nextLagCheck) {
                    checkLag(consumer, partitions);
                    nextLagCheck = System.nanoTime() + LAG_CHECK.toNanos();
                }
            }
        }
    }

    /// A reader that starts again goes on where the last one stopped: from the beginning it would, for a moment, take
    /// keys back to older entries that compaction has not removed yet.
    private void resume(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        partitions.forEach(p -> consumer.seek(p, positions.next(p.partition())));
    }

    private static TopicPartition partitionOf(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }

    private void fold(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            switch (codec.read(record)) {
                case ReadResult.Entry<T>(T body) -> {
                    T known = entries.get(body.logKey());
                    T joined = known == null ? body : join.apply(known, body);
                    entries.put(body.logKey(), joined);
                    onChange.accept(new Change<>(body.logKey(), Optional.of(joined)));
                }
                case ReadResult.Tombstone<T>(String key) -> {
                    entries.remove(key);
                    onChange.accept(new Change<>(key, Optional.empty()));
                }
                case ReadResult.Poison<T>(String reason) ->
                        log.atError()
                                .addKeyValue("topic", record.topic())
                                .addKeyValue("offset", record.offset())
                                .addKeyValue("reason", reason)
                                .log("registry record skipped");
            }
        }
    }

    private void checkLag(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        try {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, LAG_CHECK);
            boolean level =
                    partitions.stream()
                            .allMatch(p -> consumer.position(p) >= ends.getOrDefault(p, 0L));
            if (level) {
                freshAt = System.nanoTime();
                caughtUp.countDown();
            }
        } catch (TimeoutException away) {
            // The log does not answer: what is known stays, staleness grows.
        }
    }
}
