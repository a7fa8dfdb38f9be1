package ai.j1msky.gateway;

import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentLife;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.UsageTotal;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.node.NodeHealth;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.common.webhook.DeliveryRecord;
import ai.j1msky.common.webhook.WebhookState;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.projection.Projection;
import ai.j1msky.gateway.share.AccountShares;
import ai.j1msky.infra.testkit.TcpProxy;
import io.lettuce.core.RedisException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/// Everything around the gateways of a test: a log, a Redis of their own, proxies before both, and a worker that the
/// test plays by writing its events.
public final class TestAgency implements AutoCloseable {

    public static final Duration SOON = Duration.ofSeconds(30);

    public final TestRedis redis = TestRedis.start();
    public final TcpProxy redisProxy = TcpProxy.to(redis.port());
    public final TestLog log = TestLog.get();
    public final LogClients clients = new LogClients(log.bootstrap(), "test");
    public final MintedKey owner;
    private final Producer<byte[], byte[]> producer;
    private final LogWriter writer;
    private final EntryCodec<AgentEvent> events = new EntryCodec<>(Topics.AGENT_EVENTS);
    private final EntryCodec<DataKeyEntry> dataKeys = new EntryCodec<>(Topics.DATA_KEYS);
    private final EntryCodec<LedgerEntry> ledger = new EntryCodec<>(Topics.LEDGER);
    private final EntryCodec<UsageTotal> totals = new EntryCodec<>(Topics.USAGE);
    private final EntryCodec<NodeHealth> nodes = new EntryCodec<>(Topics.NODES);
    private final EntryCodec<ApiKey> keys = new EntryCodec<>(Topics.API_KEYS);
    private final ScheduledExecutorService leases = Executors.newSingleThreadScheduledExecutor();
    private final List<Gateway> gateways = new ArrayList<>();
    private int slots = 1_000_000;

    public TestAgency() throws InterruptedException {
        try (Admin admin = clients.admin()) {
            TopicSetup.ensure(admin, Topics.ALL);
            TopicSetup.configureShareGroup(admin, Topics.WORKERS, Duration.ofSeconds(60));
        }
        producer =
                clients.producer(
                        Duration.ofSeconds(20), Topics.ALL.stream().map(Topic::name).toList());
        writer = new LogWriter(producer, URI.create("/test"));
        owner = mint(KeyEnvironment.LIVE, EnumSet.allOf(Scope.class));
    }

    /// One gateway in this process.
    public record Gateway(ConfigurableApplicationContext context, Api api)
            implements AutoCloseable {
        public boolean ownsProjection() {
            return context.getBean(Projection.class).isOwner();
        }

        @Override
        public void close() {
            context.close();
        }
    }

    /// Starts a gateway behind the proxies and waits until it is ready.
    public Gateway gateway(String... arguments) {
        return gateway(Clock.systemUTC(), arguments);
    }

    /// Starts a gateway that tells the time by that clock.
    public Gateway gateway(Clock clock, String... arguments) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "--server.port=0",
                                "--server.address=127.0.0.1",
                                "--server.shutdown=immediate",
                                "--management.server.port=-1",
                                "--spring.kafka.bootstrap-servers=" + log.proxiedBootstrap(),
                                "--spring.data.redis.host=127.0.0.1",
                                "--spring.data.redis.port=" + redisProxy.port(),
                                "--j1msky.node=gateway-" + (gateways.size() + 1),
                                "--j1msky.master-keyset=" + TestKeys.KEYSET,
                                "--logging.level.ai.j1msky=error",
                                "--logging.level.org.apache.kafka=off"));
        all.add(Roomy.argument());
        for (String argument : arguments) {
            String name = argument.substring(0, argument.indexOf('=') + 1);
            all.removeIf(standard -> standard.startsWith(name));
            all.add(argument);
        }
        SpringApplication application = new SpringApplication(GatewayMain.class);
        application.addInitializers(context -> tell(context, clock));
        ConfigurableApplicationContext context = application.run(all.toArray(String[]::new));
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        String host = context.getEnvironment().getRequiredProperty("server.address");
        Api api =
                new Api(
                        HttpClient.newHttpClient(),
                        URI.create(
                                "http://"
                                        + (host.contains(":") ? "[" + host + "]" : host)
                                        + ":"
                                        + port),
                        owner.text().reveal());
        Gateway gateway = new Gateway(context, api);
        gateways.add(gateway);
        await().atMost(SOON).until(() -> api.get("/readyz").status() == 200);
        return gateway;
    }

    private void tell(ConfigurableApplicationContext context, Clock clock) {
        if (context instanceof GenericApplicationContext open) {
            open.registerBean("testClock", Clock.class, () -> clock, bean -> bean.setPrimary(true));
            int played = slots;
            open.registerBean(
                    "testShares",
                    AccountShares.class,
                    // Without a clock, nothing that ends makes room for more than was there.
                    () -> new AccountShares(() -> played, () -> 0),
                    bean -> bean.setPrimary(true));
        }
    }

    /// How many agents the workers can run at once, for gateways that are started after this. There is room for all
    /// otherwise: the log has agents of other tests, which nobody ends.
    public void slots(int number) {
        slots = number;
    }

    /// Mints a key and writes it to the log, where every gateway finds it.
    public MintedKey mint(KeyEnvironment environment, EnumSet<Scope> scopes) {
        return mint(TestAgent.ACCOUNT, environment, scopes);
    }

    /// A key that every gateway of this agency knows when this returns.
    public MintedKey mint(AccountId account, KeyEnvironment environment, EnumSet<Scope> scopes) {
        MintedKey minted =
                MintedKey.mint(
                        account,
                        "test",
                        environment,
                        scopes,
                        false,
                        TestKeys.MASTER,
                        Instant.now(),
                        new SecureRandom());
        sure(writer.append(keys, minted.kept()));
        for (Gateway gateway : gateways) {
            if (!gateway.context().isActive()) {
                continue;
            }
            Keyring keyring = gateway.context().getBean(Keyring.class);
            await().atMost(SOON).until(() -> keyring.find(minted.kept().keyId()).isPresent());
        }
        return minted;
    }

    /// Appends an agent's data key and command, as an accepted spawn does.
    public TestAgent spawn(TestAgent agent) {
        append(agent.dataKey(), agent.command());
        return agent;
    }

    public void append(LogEntry... entries) {
        List<CompletableFuture<Position>> sent = new ArrayList<>();
        for (LogEntry entry : entries) {
            sent.add(
                    switch (entry) {
                        case SpawnCommand command ->
                                writer.append(new EntryCodec<>(Topics.of(command)), command);
                        case AgentEvent event -> writer.append(events, event);
                        case DataKeyEntry key -> writer.append(dataKeys, key);
                        case LedgerEntry movement -> writer.append(ledger, movement);
                        case UsageTotal total -> writer.append(totals, total);
                        case NodeHealth health -> writer.append(nodes, health);
                        case DeliveryRecord record ->
                                writer.append(new EntryCodec<>(Topics.WEBHOOK_DELIVERIES), record);
                        case WebhookState state ->
                                writer.append(new EntryCodec<>(Topics.WEBHOOK_STATES), state);
                        default -> throw new IllegalArgumentException(entry.toString());
                    });
        }
        sent.forEach(TestAgency::sure);
    }

    /// Deletes a key of a compacted topic.
    public <T extends LogEntry> Position delete(Topic<T> topic, String key) {
        return sure(writer.delete(new EntryCodec<>(topic), key));
    }

    /// Ends every agent that other tests have left on the log.
    public void endAll() {
        Map<AgentId, AgentState> states = new HashMap<>();
        Stream.concat(
                        Topics.SPAWNS.stream().flatMap(topic -> read(topic).stream()),
                        read(Topics.AGENT_EVENTS).stream())
                .forEach(
                        record ->
                                states.merge(
                                        new AgentId(record.logKey()),
                                        AgentLife.apply(AgentState.UNKNOWN, record),
                                        (known, _) -> AgentLife.apply(known, record)));
        append(
                states.values().stream()
                        .filter(state -> !state.isTerminal())
                        .map(AgentState::order)
                        .filter(Objects::nonNull)
                        .map(TestAgent::givenUp)
                        .toArray(LogEntry[]::new));
    }

    /// A worker that renews its lease, or one that never has.
    public WorkerId worker(boolean alive) {
        WorkerId worker = TestAgent.worker();
        if (alive) {
            ScheduledFuture<?> _ =
                    leases.scheduleAtFixedRate(() -> renew(worker), 0, 500, TimeUnit.MILLISECONDS);
        }
        return worker;
    }

    private void renew(WorkerId worker) {
        try {
            redis.commands().psetex(RedisKeys.lease(worker), 5_000, "1");
        } catch (RedisException refused) {
            // As a worker does: it tries again with the next renewal.
        }
    }

    /// Waits until everything on the log is in the views.
    public void awaitProjected() {
        ViewLag.awaitNone(clients, redis.commands());
    }

    /// Everything that the log has of a topic now.
    public <T extends LogEntry> List<T> read(Topic<T> topic) {
        EntryCodec<T> codec = new EntryCodec<>(topic);
        List<T> found = new ArrayList<>();
        try (Consumer<byte[], byte[]> reader = clients.reader("test-all")) {
            List<TopicPartition> partitions = partitions(reader, topic);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(100))) {
                    if (codec.read(record) instanceof ReadResult.Entry<T>(T entry)) {
                        found.add(entry);
                    }
                }
            }
        }
        return found;
    }

    private static List<TopicPartition> partitions(
            Consumer<byte[], byte[]> reader, Topic<?>... topics) {
        return Stream.of(topics)
                .flatMap(topic -> reader.partitionsFor(topic.name()).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private static <T> T sure(CompletableFuture<T> sent) {
        return sent.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        log.proxy().forward();
        redisProxy.forward();
        leases.shutdownNow();
        gateways.forEach(Gateway::close);
        producer.close(Duration.ofSeconds(1));
        redisProxy.close();
        redis.close();
    }
}
