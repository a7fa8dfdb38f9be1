package ai.j1msky.bench.webhook;

import ai.j1msky.bench.measure.RecordFeed;
import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AttemptStarted;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentResult;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.id.NodeId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.EntryCodec;
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
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Plays accounts with endpoints, and their agents, each with a short task and a short result.
final class ToldLives {

    static final int ACCOUNTS = 50;

    /// As many as an account may have.
    static final int ENDPOINTS_EACH = 20;

    /// Every so many an endpoint hangs.
    private static final int HANGING = 100;

    private static final String TASK = "Summarise this text. ".repeat(4);
    private static final String RESULT =
            WireJson.MAPPER.writeValueAsString(
                    new AgentResult("It says little. ".repeat(8), null, List.of(), false));

    private final RecordFeed feed;
    private final MasterKey master;
    private final EntryCodec<DataKeyEntry> keys = new EntryCodec<>(Topics.DATA_KEYS);
    private final EntryCodec<SpawnCommand> commands =
            new EntryCodec<>(Topics.spawn(Priority.NORMAL));
    private final EntryCodec<AgentEvent> events = new EntryCodec<>(Topics.AGENT_EVENTS);
    private final SecureRandom random = new SecureRandom();
    private final WorkerId worker = WorkerId.mint(new NodeId("bench"), random);
    private int spawned;

    /// @param healthy how many endpoints its end is told to that answer
    record Running(AgentOrder order, DataKey key, int healthy) {}

    ToldLives(RecordFeed feed, MasterKey master) {
        this.feed = feed;
        this.master = master;
    }

    /// All endpoints of all accounts.
    void subscribe(HookReceiver receiver) {
        EntryCodec<Webhook> codec = new EntryCodec<>(Topics.WEBHOOKS);
        Instant now = Instant.now();
        for (int i = 0; i < ACCOUNTS * ENDPOINTS_EACH; i++) {
            WebhookId id = WebhookId.mint(random);
            feed.send(
                    codec,
                    new Webhook(
                            id,
                            account(i / ENDPOINTS_EACH),
                            receiver.url(i, isHanging(i)).toString(),
                            List.of(WebhookEvent.AGENT_COMPLETED),
                            Webhook.seal(master, id, "a_webhook_secret"),
                            null,
                            1,
                            now,
                            now));
        }
        feed.flush();
    }

    private static AccountId account(int number) {
        return new AccountId("bench-" + number);
    }

    private static boolean isHanging(int endpoint) {
        return endpoint % HANGING == 0;
    }

    private static int healthyOf(int account) {
        int healthy = 0;
        for (int i = 0; i < ENDPOINTS_EACH; i++) {
            healthy += isHanging(account * ENDPOINTS_EACH + i) ? 0 : 1;
        }
        return healthy;
    }

    /// One of the next account that has started.
    Running spawn() {
        int account = spawned++ % ACCOUNTS;
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        AgentId id = AgentId.mint(now, random);
        DataKey key = DataKey.mint();
        AgentOrder order =
                new AgentOrder(
                        id,
                        account(account),
                        new KeyId("key_bench"),
                        true,
                        "k2p5",
                        Priority.NORMAL,
                        60,
                        Money.micros(12_000),
                        null,
                        now,
                        null);
        feed.send(
                keys,
                new DataKeyEntry(id, order.accountId(), master.wrap(key, id), now, null, null));
        feed.send(
                commands, new SpawnCommand(order, 1, key.seal(id, SpawnCommand.TASK_FIELD, TASK)));
        feed.send(
                events,
                new AttemptStarted(
                        id, order.accountId(), 1, worker, order.model(), "kimi", null, now));
        return new Running(order, key, healthyOf(account));
    }

    /// Completes it; on the log when that is flushed.
    void complete(Running agent, Tally tally) {
        AgentId id = agent.order().agentId();
        tally.completes(id.value());
        feed.send(
                events,
                new AgentCompleted(
                        id,
                        agent.order().accountId(),
                        1,
                        worker,
                        new Usage(120, 310),
                        Metering.REPORTED,
                        Money.micros(1_002),
                        false,
                        agent.key().seal(id, AgentEvent.RESULT_FIELD, RESULT),
                        null,
                        Instant.now()));
    }

    void flush() {
        feed.flush();
    }
}
