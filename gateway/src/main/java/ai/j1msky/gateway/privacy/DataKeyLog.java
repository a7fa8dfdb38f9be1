package ai.j1msky.gateway.privacy;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogScan;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// The data keys as the log has them, and their deletion. Nobody keeps all of them in memory: there are as many as agents
/// in a month, and those who look for some read the topic through, some hundred thousand records a second. Blocking, but
/// for [#delete].
public final class DataKeyLog {

    private static final int AT_ONCE = 500;
    private static final int PATIENCE_SECONDS = 10;

    private final LogClients clients;
    private final LogWriter writer;
    private final EntryCodec<DataKeyEntry> codec = new EntryCodec<>(Topics.DATA_KEYS);

    public DataKeyLog(LogClients clients, LogWriter writer) {
        this.clients = clients;
        this.writer = writer;
    }

    /// Whose key it is.
    record Key(AgentId agent, AccountId account) {}

    /// Told of each record, in the order of its partition.
    interface Visitor {
        void key(DataKeyEntry entry);

        void deleted(AgentId agent, Instant at);
    }

    static List<TopicPartition> partitions() {
        return LogScan.partitions(Topics.DATA_KEYS);
    }

    static TopicPartition partition(AgentId agent) {
        return LogScan.partition(Topics.DATA_KEYS, agent.value());
    }

    /// Opens the topic for reading. Close it.
    Reader reader() {
        return new Reader(clients.reader("data-keys"), codec);
    }

    /// Reads partitions, one at a time: what is to be remembered of one is bounded. Fails with a [KafkaException] when the
    /// log does not answer. For one thread.
    static final class Reader implements AutoCloseable {

        private final Consumer<byte[], byte[]> consumer;
        private final EntryCodec<DataKeyEntry> codec;

        private Reader(Consumer<byte[], byte[]> consumer, EntryCodec<DataKeyEntry> codec) {
            this.consumer = consumer;
            this.codec = codec;
        }

        /// Where all partitions end now.
        Map<TopicPartition, Long> ends() {
            return consumer.endOffsets(partitions());
        }

        /// Reads a partition through, up to where it ends now.
        void read(TopicPartition partition, Visitor visitor) {
            read(partition, consumer.endOffsets(List.of(partition)), visitor);
        }

        private void read(
                TopicPartition partition, Map<TopicPartition, Long> ends, Visitor visitor) {
            LogScan.read(
                    consumer,
                    consumer.beginningOffsets(List.of(partition)),
                    ends,
                    (record, _) -> tell(record, visitor));
        }

        private void tell(ConsumerRecord<byte[], byte[]> record, Visitor visitor) {
            switch (codec.read(record)) {
                case ReadResult.Entry<DataKeyEntry>(DataKeyEntry entry) -> visitor.key(entry);
                case ReadResult.Tombstone<DataKeyEntry>(String key) -> {
                    if (AgentId.isValid(key)) {
                        visitor.deleted(new AgentId(key), Instant.ofEpochMilli(record.timestamp()));
                    }
                }
                case ReadResult.Poison<DataKeyEntry> _ -> {
                    // The projection has set it aside.
                }
            }
        }

        /// The keys of a partition that stand now: the newest record of each, and none that was ever deleted.
        Collection<DataKeyEntry> standing(
                TopicPartition partition, Predicate<DataKeyEntry> wanted) {
            return standing(partition, consumer.endOffsets(List.of(partition)), wanted);
        }

        /// Those that stood there when it ended there.
        Collection<DataKeyEntry> standing(
                TopicPartition partition,
                Map<TopicPartition, Long> ends,
                Predicate<DataKeyEntry> wanted) {
            Map<AgentId, DataKeyEntry> standing = new HashMap<>();
            Set<AgentId> deleted = new HashSet<>();
            read(
                    partition,
                    ends,
                    new Visitor() {
                        @Override
                        public void key(DataKeyEntry entry) {
                            if (wanted.test(entry) && !deleted.contains(entry.agentId())) {
                                standing.put(entry.agentId(), entry);
                            }
                        }

                        @Override
                        public void deleted(AgentId agent, Instant at) {
                            deleted.add(agent);
                            standing.remove(agent);
                        }
                    });
            return standing.values();
        }

        @Override
        public void close() {
            // By itself it would wait for a broker that does not answer.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    /// Deletes one key: done is that when the log has it.
    CompletableFuture<Position> delete(Key key) {
        return writer.delete(codec, key.agent.value(), key.account);
    }

    /// Deletes many; none is done when this fails, or some.
    ///
    /// @throws KafkaException when the log does not take them
    void deleteAll(Collection<Key> keys) {
        all(keys, this::delete);
    }

    /// Writes entries in place of those of the same agents.
    ///
    /// @throws KafkaException when the log does not take them
    void replaceAll(Collection<DataKeyEntry> entries) {
        all(entries, entry -> writer.append(codec, entry));
    }

    /// Some at a time: the writer refuses what it has no room for.
    private static <T> void all(
            Collection<T> these, Function<T, CompletableFuture<Position>> send) {
        List<CompletableFuture<Position>> sent = new ArrayList<>();
        for (T each : these) {
            sent.add(send.apply(each));
            if (sent.size() == AT_ONCE) {
                await(sent);
                sent.clear();
            }
        }
        await(sent);
    }

    private static void await(List<CompletableFuture<Position>> sent) {
        try {
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failed) {
            throw new KafkaException("data keys not written", failed.getCause());
        }
    }
}
