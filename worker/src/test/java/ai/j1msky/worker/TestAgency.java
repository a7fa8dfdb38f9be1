package ai.j1msky.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.id.NodeId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.node.NodeDrain;
import ai.j1msky.common.node.NodeHealth;
import ai.j1msky.common.seal.DataKey;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.infra.testkit.Infrastructure;
import ai.j1msky.worker.lease.RedisLink;
import ai.j1msky.worker.model.ModelProvider;
import ai.j1msky.worker.provider.ProviderTable;
import ai.j1msky.worker.sandbox.SandboxProvider;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/// The rest of the system as a worker sees it: a real log, a real Redis, and the views that the gateway would write.
final class TestAgency implements AutoCloseable {

    static final String NODE = "worker-t";
    static final Duration COOL_FOR = Duration.ofSeconds(4);

    static final AccountId ACCOUNT = new AccountId("main");

    final LogClients clients;
    final LettuceConnectionFactory redis;
    final MasterKey masterKey;
    final Producer<byte[], byte[]> producer;
    final LogWriter writer;
    private final Path directory;
    private final Consumer<byte[], byte[]> events;
    private final List<AgentEvent> seen = new ArrayList<>();
    private final EntryCodec<AgentEvent> codec = new EntryCodec<>(Topics.AGENT_EVENTS);

    TestAgency(Path directory) throws IOException, InterruptedException {
        this(directory, Infrastructure.get().kafkaBootstrap());
    }

    TestAgency(Path directory, String bootstrap) throws IOException, InterruptedException {
        this.directory = directory;
        Infrastructure infrastructure = Infrastructure.get();
        clients = new LogClients(bootstrap, "test");
        LogReadiness.await(clients);
        redis =
                new LettuceConnectionFactory(
                        new RedisStandaloneConfiguration(
                                infrastructure.redisHost(), infrastructure.redisPort()));
        redis.start();
        Path keyset = directory.resolve("master.json");
        MasterKey.create(keyset);
        masterKey = MasterKey.load(keyset);
        producer =
                clients.producer(
                        Duration.ofSeconds(5),
                        List.of(
                                Topics.SPAWN_HIGH.name(),
                                Topics.SPAWN_NORMAL.name(),
                                Topics.SPAWN_LOW.name(),
                                Topics.AGENT_EVENTS.name(),
                                Topics.NODE_DRAINS.name()));
        writer = new LogWriter(producer, URI.create("/test"));
        events = clients.reader("test-events");
        events.assign(
                IntStream.range(0, Topics.AGENT_EVENTS.partitions())
                        .mapToObj(n -> new TopicPartition(Topics.AGENT_EVENTS.name(), n))
                        .toList());
        events.seekToEnd(List.of());
        events.assignment().forEach(events::position);
    }

    Worker worker(ModelProvider sandbox) throws IOException {
        return worker(sandbox, 32, Duration.ofSeconds(10), clients);
    }

    /// A worker with providers for live keys, by their name in the configuration.
    Worker worker(Map<String, ModelProvider> live) throws IOException {
        return worker(AgencyConfig.standard(Map.of()), live);
    }

    Worker worker(AgencyConfig config, Map<String, ModelProvider> live) throws IOException {
        return worker(config, live, new SandboxProvider(), 32, Duration.ofSeconds(1), clients);
    }

    Worker worker(ModelProvider sandbox, int slots, Duration drainTime, LogClients log)
            throws IOException {
        return worker(AgencyConfig.standard(Map.of()), Map.of(), sandbox, slots, drainTime, log);
    }

    private Worker worker(
            AgencyConfig config,
            Map<String, ModelProvider> live,
            ModelProvider sandbox,
            int slots,
            Duration drainTime,
            LogClients log)
            throws IOException {
        return new Worker(
                new WorkerSettings(
                        NODE,
                        null,
                        null,
                        null,
                        new WorkerSettings.Worker(
                                slots,
                                drainTime,
                                directory.resolve("spool"),
                                directory.resolve("temperature"))),
                new Surroundings(
                        log,
                        new RedisLink(redis),
                        masterKey,
                        new ProviderTable(config, live, sandbox),
                        COOL_FOR,
                        Duration.ofHours(1),
                        "test",
                        new SimpleMeterRegistry(),
                        Clock.systemUTC()));
    }

    /// A command for a new agent, whose view Redis does not have yet.
    Spawned order(String task) {
        return order(task, Priority.NORMAL, false);
    }

    Spawned order(String task, Priority priority, boolean livemode) {
        return order(task, priority, livemode, "k2p5", null, Money.micros(1_000), Instant.now());
    }

    /// A command for an agent that was spawned then.
    Spawned order(String task, Instant created) {
        return order(task, Priority.NORMAL, false, "k2p5", null, Money.micros(1_000), created);
    }

    /// A live command for a new agent.
    Spawned order(String task, String model, @Nullable Price price, Money hold) {
        return order(task, Priority.NORMAL, true, model, price, hold, Instant.now());
    }

    private Spawned order(
            String task,
            Priority priority,
            boolean livemode,
            String model,
            @Nullable Price price,
            Money hold,
            Instant created) {
        AgentId agent = AgentId.mint(created, new SecureRandom());
        DataKey key = DataKey.mint();
        AgentOrder order =
                new AgentOrder(
                        agent,
                        ACCOUNT,
                        new KeyId("key_test"),
                        livemode,
                        model,
                        priority,
                        60,
                        hold,
                        price,
                        created,
                        null);
        return new Spawned(
                new SpawnCommand(order, 1, key.seal(agent, SpawnCommand.TASK_FIELD, task)), key);
    }

    record Spawned(SpawnCommand command, DataKey key) {
        AgentId id() {
            return command.order().agentId();
        }
    }

    /// Writes what the projection would.
    void show(Spawned spawned) {
        try (RedisConnection connection = redis.getConnection()) {
            String wrapped = masterKey.wrap(spawned.key(), spawned.id()).value();
            connection
                    .hashCommands()
                    .hMSet(
                            RedisKeys.agent(ACCOUNT, spawned.id()).getBytes(UTF_8),
                            Map.of(
                                    "x".getBytes(UTF_8), "S".getBytes(UTF_8),
                                    "dk".getBytes(UTF_8), wrapped.getBytes(UTF_8),
                                    "s".getBytes(UTF_8), "{}".getBytes(UTF_8)));
        }
    }

    void produce(SpawnCommand command) throws Exception {
        writer.append(new EntryCodec<>(Topics.spawn(command.order().priority())), command)
                .get(10, TimeUnit.SECONDS);
    }

    Spawned spawn(String task) throws Exception {
        Spawned spawned = order(task);
        show(spawned);
        produce(spawned.command());
        return spawned;
    }

    void append(AgentEvent event) throws Exception {
        writer.append(codec, event).get(10, TimeUnit.SECONDS);
    }

    void produceRaw(ProducerRecord<byte[], byte[]> record) throws Exception {
        producer.send(record).get(10, TimeUnit.SECONDS);
    }

    /// Heats or cools the machine of the workers, as far as they know.
    void temperature(double celsius) throws IOException {
        Path next = Files.writeString(directory.resolve("next"), Double.toString(celsius));
        Files.move(next, directory.resolve("temperature"), StandardCopyOption.ATOMIC_MOVE);
    }

    void drainNode(boolean drained) throws Exception {
        EntryCodec<NodeDrain> drains = new EntryCodec<>(Topics.NODE_DRAINS);
        NodeId node = new NodeId(NODE);
        (drained
                        ? writer.append(drains, new NodeDrain(node, Instant.now()))
                        : writer.delete(drains, node.value()))
                .get(10, TimeUnit.SECONDS);
    }

    /// What a node last said of itself; empty when it took its report away.
    Optional<NodeHealth> health() {
        try (Consumer<byte[], byte[]> reader = clients.reader("test-nodes")) {
            TopicPartition nodes = new TopicPartition(Topics.NODES.name(), 0);
            reader.assign(List.of(nodes));
            reader.seekToBeginning(List.of(nodes));
            long end = reader.endOffsets(List.of(nodes)).get(nodes);
            EntryCodec<NodeHealth> healths = new EntryCodec<>(Topics.NODES);
            Optional<NodeHealth> last = Optional.empty();
            while (reader.position(nodes) < end) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(100))) {
                    if (EntryCodec.keyOf(record).equals(NODE)) {
                        last =
                                healths.read(record)
                                                instanceof
                                                ReadResult.Entry<NodeHealth>(NodeHealth health)
                                        ? Optional.of(health)
                                        : Optional.empty();
                    }
                }
            }
            return last;
        }
    }

    /// All events of an agent that are on the log now.
    synchronized List<AgentEvent> eventsOf(AgentId agent) {
        readOn();
        return seen.stream().filter(event -> event.agentId().equals(agent)).toList();
    }

    <E extends AgentEvent> List<E> eventsOf(AgentId agent, Class<E> type) {
        return eventsOf(agent).stream().filter(type::isInstance).map(type::cast).toList();
    }

    private void readOn() {
        for (ConsumerRecord<byte[], byte[]> record : events.poll(Duration.ofMillis(20))) {
            if (codec.read(record) instanceof ReadResult.Entry<AgentEvent>(AgentEvent event)) {
                seen.add(event);
            }
        }
    }

    @Override
    public void close() {
        events.close();
        producer.close(Duration.ofSeconds(1));
        redis.destroy();
    }
}
