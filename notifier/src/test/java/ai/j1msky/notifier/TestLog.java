package ai.j1msky.notifier;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentResult;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.Privacy;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.id.NodeId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.LogScan;
import ai.j1msky.common.log.LogStart;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.seal.DataKey;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookEvent;
import ai.j1msky.common.webhook.WebhookId;
import ai.j1msky.infra.testkit.Infrastructure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/// A real log, and everybody who writes to it.
final class TestLog implements AutoCloseable {

    static final String SECRET = "your_webhook_secret";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final WorkerId WORKER = WorkerId.mint(new NodeId("pi-1"), RANDOM);

    final LogClients clients = new LogClients(Infrastructure.get().kafkaBootstrap(), "test");
    final MasterKey master;
    private final Producer<byte[], byte[]> producer;
    private final LogWriter writer;

    TestLog() throws IOException, InterruptedException {
        Path keyset = Files.createTempDirectory("notifier-it").resolve("master.keyset");
        MasterKey.create(keyset);
        master = MasterKey.load(keyset);
        LogStart.await(
                clients, Duration.ofSeconds(30), admin -> TopicSetup.ensure(admin, Topics.ALL));
        producer =
                clients.producer(
                        Duration.ofSeconds(20), Topics.ALL.stream().map(Topic::name).toList());
        writer = new LogWriter(producer, URI.create("/test"));
    }

    /// An agent whose data key and command are on the log.
    record Agent(AgentOrder order, DataKey key) {
        AgentEvent started() {
            return new AgentEvent.AttemptStarted(
                    order.agentId(),
                    order.accountId(),
                    1,
                    WORKER,
                    order.model(),
                    "kimi",
                    null,
                    Instant.now());
        }

        AgentEvent completed(String result) {
            return completedWith(
                    WireJson.MAPPER.writeValueAsString(
                            new AgentResult(result, null, List.of(), false)));
        }

        /// @param json what should be a result
        AgentEvent completedWith(String json) {
            return new AgentEvent.AgentCompleted(
                    order.agentId(),
                    order.accountId(),
                    1,
                    WORKER,
                    new Usage(1, 2),
                    Metering.REPORTED,
                    Money.micros(30_000),
                    false,
                    key.seal(order.agentId(), AgentEvent.RESULT_FIELD, json),
                    null,
                    Instant.now());
        }

        AgentEvent failed() {
            return new AgentEvent.AgentFailed(
                    order.agentId(),
                    order.accountId(),
                    1,
                    WORKER,
                    FailureReason.TIMEOUT,
                    Usage.NONE,
                    Metering.REPORTED,
                    Money.ZERO,
                    Instant.now());
        }
    }

    Agent spawn(AccountId account, String task) {
        return spawn(account, task, null);
    }

    Agent spawn(AccountId account, String task, @Nullable Privacy privacy) {
        Instant now = Instant.now();
        AgentId id = AgentId.mint(now, RANDOM);
        DataKey key = DataKey.mint();
        AgentOrder order =
                new AgentOrder(
                                id,
                                account,
                                new KeyId("key_test"),
                                true,
                                "k2p5",
                                Priority.NORMAL,
                                60,
                                Money.micros(50_000),
                                null,
                                now,
                                null)
                        .withPrivacy(privacy);
        append(
                Topics.DATA_KEYS,
                new DataKeyEntry(id, account, master.wrap(key, id), now, null, null));
        append(
                Topics.SPAWN_NORMAL,
                new SpawnCommand(order, 1, key.seal(id, SpawnCommand.TASK_FIELD, task)));
        return new Agent(order, key);
    }

    Webhook webhook(AccountId account, URI url, WebhookEvent... events) {
        WebhookId id = WebhookId.mint(RANDOM);
        Webhook webhook =
                new Webhook(
                        id,
                        account,
                        url.toString(),
                        List.of(events),
                        Webhook.seal(master, id, SECRET),
                        null,
                        1,
                        Instant.now(),
                        Instant.now());
        append(Topics.WEBHOOKS, webhook);
        return webhook;
    }

    /// A key that ends then.
    ApiKey key(AccountId account, Instant expires) {
        ApiKey key =
                MintedKey.mint(
                                account,
                                "ci",
                                KeyEnvironment.LIVE,
                                EnumSet.of(Scope.ADMIN),
                                false,
                                master,
                                expires.minus(MintedKey.LIFETIME),
                                RANDOM)
                        .kept();
        append(Topics.API_KEYS, key);
        return key;
    }

    void delete(Webhook webhook) {
        writer.delete(new EntryCodec<>(Topics.WEBHOOKS), webhook.logKey())
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    /// Deletes the agent's data key, as the gateway does.
    void erase(Agent agent) {
        writer.delete(
                        new EntryCodec<>(Topics.DATA_KEYS),
                        agent.order().agentId().value(),
                        agent.order().accountId())
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    void events(AgentEvent... events) {
        for (AgentEvent event : events) {
            append(Topics.AGENT_EVENTS, event);
        }
    }

    <T extends LogEntry> void append(Topic<T> topic, T entry) {
        writer.append(new EntryCodec<>(topic), entry).orTimeout(20, TimeUnit.SECONDS).join();
    }

    /// Everything that a topic has now.
    <T extends LogEntry> List<T> read(Topic<T> topic) {
        List<T> found = new ArrayList<>();
        EntryCodec<T> codec = new EntryCodec<>(topic);
        try (Consumer<byte[], byte[]> reader = clients.reader("test-all")) {
            LogScan.readAll(
                    reader,
                    topic,
                    (record, partition) -> {
                        if (codec.read(record) instanceof ReadResult.Entry<T>(T entry)) {
                            found.add(entry);
                        }
                    });
        }
        return found;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }
}
