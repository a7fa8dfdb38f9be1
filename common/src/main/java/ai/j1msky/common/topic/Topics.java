package ai.j1msky.common.topic;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.audit.AuditAnchor;
import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.AuditPolicy;
import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.budget.Budget;
import ai.j1msky.common.ledger.Balance;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.UsageCell;
import ai.j1msky.common.ledger.UsageTotal;
import ai.j1msky.common.log.EntryType;
import ai.j1msky.common.log.Keep;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.node.NodeDrain;
import ai.j1msky.common.node.NodeHealth;
import ai.j1msky.common.policy.IpBlock;
import ai.j1msky.common.policy.IpWhitelist;
import ai.j1msky.common.policy.Policy;
import ai.j1msky.common.privacy.AccountPrivacy;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.webhook.DeliveryAttempt;
import ai.j1msky.common.webhook.DeliveryRecord;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookDelivery;
import ai.j1msky.common.webhook.WebhookRequest;
import ai.j1msky.common.webhook.WebhookState;
import java.time.Duration;
import java.util.List;

/// Every topic there is, declared once.
public final class Topics {

    /// How long commands and events stay: as long as an agent can be read.
    public static final Duration LOG_KEPT = Duration.ofDays(30);

    /// The share group of all workers.
    public static final String WORKERS = "j1msky.workers";

    /// How the names of all topics of commands start.
    public static final String SPAWN_PREFIX = "j1msky.spawn.";

    private static final EntryType<SpawnCommand> SPAWN =
            new EntryType<>("ai.j1msky.agent.spawn.v1", SpawnCommand.class);

    // Commands, events and what billing writes are stamped by the broker: money has its day from
    // them, and a broker refuses nothing, whatever the writers' clocks say.

    // One partition each: a share group hands single records out, and fewer partitions than
    // consumers was measured to be the fairest.
    public static final Topic<SpawnCommand> SPAWN_HIGH = spawn("high");
    public static final Topic<SpawnCommand> SPAWN_NORMAL = spawn("normal");
    public static final Topic<SpawnCommand> SPAWN_LOW = spawn("low");

    // No worker reads it: agents whose account has its share of the workers already.
    public static final Topic<SpawnCommand> SPAWN_WAITING = spawn("waiting");

    /// Every topic with commands.
    public static final List<Topic<SpawnCommand>> SPAWNS =
            List.of(SPAWN_HIGH, SPAWN_NORMAL, SPAWN_LOW, SPAWN_WAITING);

    public static final EntryType<AgentEvent.AttemptStarted> ATTEMPT_STARTED =
            new EntryType<>("ai.j1msky.agent.attempt-started.v1", AgentEvent.AttemptStarted.class);
    public static final EntryType<AgentEvent.CallFailed> CALL_FAILED =
            new EntryType<>("ai.j1msky.agent.call-failed.v1", AgentEvent.CallFailed.class);
    public static final EntryType<AgentEvent.AttemptDeferred> ATTEMPT_DEFERRED =
            new EntryType<>(
                    "ai.j1msky.agent.attempt-deferred.v1", AgentEvent.AttemptDeferred.class);
    public static final EntryType<AgentEvent.AttemptLost> ATTEMPT_LOST =
            new EntryType<>("ai.j1msky.agent.attempt-lost.v1", AgentEvent.AttemptLost.class);
    public static final EntryType<AgentEvent.TeamStarted> TEAM_STARTED =
            new EntryType<>("ai.j1msky.agent.team-started.v1", AgentEvent.TeamStarted.class);
    public static final EntryType<AgentEvent.TeamCompleted> TEAM_COMPLETED =
            new EntryType<>("ai.j1msky.agent.team-completed.v1", AgentEvent.TeamCompleted.class);
    public static final EntryType<AgentEvent.CancelRequested> CANCEL_REQUESTED =
            new EntryType<>(
                    "ai.j1msky.agent.cancel-requested.v1", AgentEvent.CancelRequested.class);
    public static final EntryType<AgentEvent.AgentCompleted> AGENT_COMPLETED =
            new EntryType<>("ai.j1msky.agent.completed.v1", AgentEvent.AgentCompleted.class);
    public static final EntryType<AgentEvent.AgentFailed> AGENT_FAILED =
            new EntryType<>("ai.j1msky.agent.failed.v1", AgentEvent.AgentFailed.class);
    public static final EntryType<AgentEvent.AgentCancelled> AGENT_CANCELLED =
            new EntryType<>("ai.j1msky.agent.cancelled.v1", AgentEvent.AgentCancelled.class);

    public static final Topic<AgentEvent> AGENT_EVENTS =
            new Topic<>(
                    "j1msky.agent.events",
                    12,
                    new Keep.For(LOG_KEPT),
                    true,
                    List.of(
                            ATTEMPT_STARTED,
                            CALL_FAILED,
                            ATTEMPT_DEFERRED,
                            ATTEMPT_LOST,
                            TEAM_STARTED,
                            TEAM_COMPLETED,
                            CANCEL_REQUESTED,
                            AGENT_COMPLETED,
                            AGENT_FAILED,
                            AGENT_CANCELLED));

    /// A deleted data key is gone from the disk within a few times this.
    public static final Duration KEYS_GONE = Duration.ofHours(1);

    public static final Topic<DataKeyEntry> DATA_KEYS =
            new Topic<>(
                    "j1msky.data-keys",
                    12,
                    new Keep.NewestOnly(KEYS_GONE),
                    List.of(new EntryType<>("ai.j1msky.data-key.v1", DataKeyEntry.class)));

    // A handful of records each: one partition is enough and keeps them in one order.
    public static final Topic<ApiKey> API_KEYS =
            new Topic<>(
                    "j1msky.registry.keys",
                    1,
                    new Keep.Newest(),
                    List.of(new EntryType<>("ai.j1msky.api-key.v1", ApiKey.class)));
    public static final Topic<Policy> POLICIES =
            new Topic<>(
                    "j1msky.registry.policies",
                    1,
                    new Keep.Newest(),
                    List.of(
                            new EntryType<>("ai.j1msky.policy.ip-whitelist.v1", IpWhitelist.class),
                            new EntryType<>("ai.j1msky.policy.ip-block.v1", IpBlock.class)));
    public static final Topic<NodeHealth> NODES =
            new Topic<>(
                    "j1msky.nodes",
                    1,
                    new Keep.Newest(),
                    List.of(new EntryType<>("ai.j1msky.node.health.v1", NodeHealth.class)));

    public static final Topic<NodeDrain> NODE_DRAINS =
            new Topic<>(
                    "j1msky.registry.nodes",
                    1,
                    new Keep.Newest(),
                    List.of(new EntryType<>("ai.j1msky.node.drain.v1", NodeDrain.class)));

    public static final Topic<LedgerEntry> LEDGER =
            new Topic<>(
                    "j1msky.ledger",
                    12,
                    new Keep.Always(),
                    true,
                    List.of(new EntryType<>("ai.j1msky.ledger-entry.v1", LedgerEntry.class)));

    // One partition: what changes together is written together, an account's own balance last, and
    // read in that order.
    public static final Topic<UsageTotal> USAGE =
            new Topic<>(
                    "j1msky.usage",
                    1,
                    new Keep.Newest(),
                    true,
                    List.of(
                            new EntryType<>("ai.j1msky.usage-cell.v1", UsageCell.class),
                            new EntryType<>("ai.j1msky.balance.v1", Balance.class)));
    public static final Topic<Budget> BUDGETS =
            new Topic<>(
                    "j1msky.registry.budgets",
                    1,
                    new Keep.Newest(),
                    List.of(new EntryType<>("ai.j1msky.budget.v1", Budget.class)));
    public static final Topic<BillingAlert> BILLING_ALERTS =
            new Topic<>(
                    "j1msky.billing.alerts",
                    1,
                    new Keep.For(LOG_KEPT),
                    true,
                    List.of(new EntryType<>("ai.j1msky.billing-alert.v1", BillingAlert.class)));

    public static final Topic<AccountPrivacy> ACCOUNT_PRIVACY =
            new Topic<>(
                    "j1msky.registry.privacy",
                    1,
                    new Keep.Newest(),
                    List.of(new EntryType<>("ai.j1msky.account-privacy.v1", AccountPrivacy.class)));

    // A handful of records each, and requests that are few.
    public static final Topic<Webhook> WEBHOOKS =
            new Topic<>(
                    "j1msky.registry.webhooks",
                    1,
                    new Keep.Newest(),
                    List.of(new EntryType<>("ai.j1msky.webhook.v1", Webhook.class)));
    public static final Topic<WebhookState> WEBHOOK_STATES =
            new Topic<>(
                    "j1msky.webhook.states",
                    1,
                    new Keep.Newest(),
                    List.of(new EntryType<>("ai.j1msky.webhook.state.v1", WebhookState.class)));
    public static final Topic<WebhookRequest> WEBHOOK_REQUESTS =
            new Topic<>(
                    "j1msky.webhook.requests",
                    1,
                    new Keep.For(LOG_KEPT),
                    true,
                    List.of(new EntryType<>("ai.j1msky.webhook.request.v1", WebhookRequest.class)));
    public static final Topic<DeliveryRecord> WEBHOOK_DELIVERIES =
            new Topic<>(
                    "j1msky.webhook.deliveries",
                    12,
                    new Keep.For(LOG_KEPT),
                    true,
                    List.of(
                            new EntryType<>("ai.j1msky.webhook.delivery.v1", WebhookDelivery.class),
                            new EntryType<>(
                                    "ai.j1msky.webhook.attempt.v1", DeliveryAttempt.class)));

    // One partition: the order in which entries were written is theirs to be read and checked in.
    // How long they stay is the audit policy's; this is what holds until it says otherwise.
    public static final Topic<AuditEntry> AUDIT =
            new Topic<>(
                    "j1msky.audit",
                    1,
                    new Keep.For(AuditPolicy.STANDARD.retention()),
                    List.of(new EntryType<>("ai.j1msky.audit.entry.v1", AuditEntry.class)));
    public static final Topic<AuditAnchor> AUDIT_ANCHORS =
            new Topic<>(
                    "j1msky.audit.anchors",
                    1,
                    new Keep.Newest(),
                    List.of(new EntryType<>("ai.j1msky.audit.anchor.v1", AuditAnchor.class)));
    public static final Topic<AuditPolicy> AUDIT_POLICY =
            new Topic<>(
                    "j1msky.registry.audit",
                    1,
                    new Keep.Newest(),
                    List.of(new EntryType<>("ai.j1msky.audit.policy.v1", AuditPolicy.class)));

    public static final List<Topic<?>> ALL =
            List.of(
                    SPAWN_HIGH,
                    SPAWN_NORMAL,
                    SPAWN_LOW,
                    SPAWN_WAITING,
                    AGENT_EVENTS,
                    DATA_KEYS,
                    API_KEYS,
                    POLICIES,
                    NODES,
                    NODE_DRAINS,
                    AUDIT,
                    AUDIT_ANCHORS,
                    AUDIT_POLICY,
                    LEDGER,
                    USAGE,
                    BUDGETS,
                    BILLING_ALERTS,
                    ACCOUNT_PRIVACY,
                    WEBHOOKS,
                    WEBHOOK_STATES,
                    WEBHOOK_REQUESTS,
                    WEBHOOK_DELIVERIES);

    private Topics() {}

    /// The queue of a priority.
    public static Topic<SpawnCommand> spawn(Priority priority) {
        return switch (priority) {
            case HIGH -> SPAWN_HIGH;
            case NORMAL -> SPAWN_NORMAL;
            case LOW -> SPAWN_LOW;
        };
    }

    /// Where a command belongs.
    public static Topic<SpawnCommand> of(SpawnCommand command) {
        return command.attempt() == SpawnCommand.NOT_YET
                ? SPAWN_WAITING
                : spawn(command.order().priority());
    }

    /// The topic of that name.
    public static Topic<?> named(String name) {
        return ALL.stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no topic " + name));
    }

    /// The topic of commands of that name.
    public static Topic<SpawnCommand> spawnNamed(String name) {
        return SPAWNS.stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no queue " + name));
    }

    private static Topic<SpawnCommand> spawn(String name) {
        return new Topic<>(SPAWN_PREFIX + name, 1, new Keep.For(LOG_KEPT), true, List.of(SPAWN));
    }
}
