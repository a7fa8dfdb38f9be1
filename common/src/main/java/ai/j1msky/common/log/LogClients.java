package ai.j1msky.common.log;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Kafka clients with the settings that every service shares; the reason stands beside each.
public final class LogClients {

    /// The largest record a topic takes: a sealed result of 1 MiB in base64 and its envelope.
    public static final int MAX_RECORD_BYTES = 2 * 1024 * 1024;

    /// About what a batch of ordinary commands has; a larger record is fetched all the same.
    private static final int SHARE_FETCH_BYTES = 16 * 1024;

    /// A broker that its cluster has given up may go on answering, with nothing new: whoever reads from it must hear of
    /// the new leader from another.
    private static final Duration LEADERS_KNOWN_FOR = Duration.ofSeconds(5);

    /// So long a reader waits for a broker that was cut off without a word. A fetch takes half a second at most.
    private static final Duration SILENCE = Duration.ofSeconds(4);

    private static final Duration METADATA_WAIT = Duration.ofSeconds(30);

    private final String bootstrap;
    private final String clientId;

    /// @param bootstrap `host:port[,host:port…]`
    /// @param clientId prefix of every client's id, the node's name
    public LogClients(String bootstrap, String clientId) {
        this.bootstrap = bootstrap;
        this.clientId = clientId;
    }

    /// A producer whose `send` never blocks; topics it will use are named so that their metadata is there already.
    ///
    /// @param deliveryTimeout after which an unacknowledged record is given up; its fate is unknown then
    public Producer<byte[], byte[]> producer(Duration deliveryTimeout, Iterable<String> topics) {
        Map<String, Object> settings = common("producer");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        // What comes while one request is under way goes out with the next: many small requests
        // cost the broker more
        // than they gain. One record at a time is as fast as ever.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 16L * 1024 * 1024);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) deliveryTimeout.toMillis());
        // Metadata is fetched below and kept, so that send() finds it and need not wait for it.
        settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(365).toMillis());
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        // Nor forgotten in an outage, after which send() would refuse until it has been fetched
        // again.
        settings.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        topics.forEach(topic -> awaitMetadata(producer, topic));
        return producer;
    }

    /// A producer of transactions, for a thread of its own: it blocks, up to `patience` for each step. What it sends in
    /// one transaction is seen all or not at all.
    ///
    /// @param id a later producer with the same id ends what this one left open
    public Producer<byte[], byte[]> transactional(String id, Duration patience) {
        int millis = (int) patience.toMillis();
        Map<String, Object> settings = common("transactions");
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L * 1024 * 1024);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis / 2);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
        // Readers stop before an open transaction: one whose producer died must not hold them up.
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 2 * millis);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// A member of a consumer group that commits its own offsets, in its producer's transactions. When it dies and comes
    /// back under its name, it has its place again at once (static membership, KIP-345); it leaves the group only by a
    /// close that says so.
    ///
    /// @param name its own, the same after a restart
    /// @param assignor who of the group gets what
    public Consumer<byte[], byte[]> member(
            String group, String name, Class<? extends ConsumerPartitionAssignor> assignor) {
        Map<String, Object> settings = readerSettings(name);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name);
        // The newer protocol knows only the broker's own assignors.
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        settings.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(assignor.getName()));
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        return consumer(settings);
    }

    /// A consumer that is assigned its partitions by hand and keeps its place itself.
    public Consumer<byte[], byte[]> reader(String purpose) {
        return consumer(readerSettings(purpose));
    }

    /// A reader that jumps: one record here, one there.
    public Consumer<byte[], byte[]> seeker(String purpose) {
        return seeker(purpose, 1, 64 * 1024);
    }

    /// A reader that jumps: some records here, some there.
    ///
    /// @param records at most, of each poll
    /// @param bytes about what they have
    public Consumer<byte[], byte[]> seeker(String purpose, int records, int bytes) {
        Map<String, Object> settings = readerSettings(purpose);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, records);
        // With each answer it fetches what follows; waiting there for more would hold the next
        // jump up, half a second by default.
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 1);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, bytes);
        return consumer(settings);
    }

    private Map<String, Object> readerSettings(String purpose) {
        Map<String, Object> settings = common(purpose);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1024 * 1024);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 * 1024 * 1024);
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) SILENCE.toMillis());
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        return settings;
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /// A member of a share group (KIP-932) that acknowledges each record itself.
    ///
    /// @param batch the most records one poll takes; the broker hands out no more
    public ShareConsumer<byte[], byte[]> shareMember(String group, String purpose, int batch) {
        Map<String, Object> settings = common(purpose);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        settings.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, batch);
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        // The broker walks the backlog up to this many bytes at each fetch, whatever it hands out.
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, SHARE_FETCH_BYTES);
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) SILENCE.toMillis());
        return new KafkaShareConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public Admin admin() {
        Map<String, Object> settings = common("admin");
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        return Admin.create(settings);
    }

    private Map<String, Object> common(String purpose) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId + "-" + purpose);
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        settings.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, LEADERS_KNOWN_FOR.toMillis());
        settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 2_000);
        settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 4_000);
        return settings;
    }

    private static void awaitMetadata(Producer<byte[], byte[]> producer, String topic) {
        long deadline = System.nanoTime() + METADATA_WAIT.toNanos();
        while (true) {
            try {
                producer.partitionsFor(topic);
                return;
            } catch (TimeoutException notYet) {
                if (System.nanoTime() > deadline) {
                    throw notYet;
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }
}
