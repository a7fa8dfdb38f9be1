package ai.j1msky.gateway.privacy;

import ai.j1msky.common.audit.AuditPolicy;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is kept, where, why and how long.
public final class Inventory {

    private final int retention;
    private final Supplier<AuditPolicy> audit;

    /// @param retention how long agents can be read of whom nothing else was said
    /// @param audit how long the audit is kept
    public Inventory(Duration retention, Supplier<AuditPolicy> audit) {
        this.retention = (int) retention.toDays();
        this.audit = audit;
    }

    /// One row.
    ///
    /// @param keptDays null for as long as the account is there
    record Item(String what, String where, String why, @Nullable Integer keptDays) {}

    List<Item> items() {
        int log = (int) Topics.LOG_KEPT.toDays();
        return List.of(
                new Item(
                        "tasks and results, sealed with a key of their agent",
                        "Kafka: j1msky.spawn.high, j1msky.spawn.normal, j1msky.spawn.low, j1msky.spawn.waiting,"
                                + " j1msky.agent.events; Redis: the agent's view; a worker's spool while Kafka is away",
                        "to run the agent and to show what came of it",
                        retention),
                new Item(
                        "the keys of agents, wrapped by the master key",
                        "Kafka: j1msky.data-keys; Redis: the agent's view",
                        "to open tasks and results; deleting one deletes what it opens",
                        retention),
                new Item(
                        "what agents were asked by whom, when they ran, on which models, tokens and cost; counts of personal"
                                + " data where that was asked for",
                        "Kafka: j1msky.spawn.high, j1msky.spawn.normal, j1msky.spawn.low, j1msky.spawn.waiting,"
                                + " j1msky.agent.events; Redis: the agent's view, the account's lists, limits and"
                                + " Idempotency-Keys (hashed)",
                        "to run agents, to show them, and to keep to limits",
                        log),
                new Item(
                        "what was held, charged, released and refunded, by agent",
                        "Kafka: j1msky.ledger, j1msky.usage; Redis: balances and usage",
                        "accounting",
                        null),
                new Item(
                        "budgets and the alerts that were sent about them",
                        "Kafka: j1msky.registry.budgets, j1msky.billing.alerts; Redis: the account's alerts",
                        "to keep to budgets and to tell each alert once",
                        null),
                new Item(
                        "API keys: names, scopes, first and last characters, hashes, sealed signing secrets, last use",
                        "Kafka: j1msky.registry.keys; Redis: j1:keys-used",
                        "to tell who calls",
                        null),
                new Item(
                        "webhooks: addresses, events, sealed secrets, how they stand",
                        "Kafka: j1msky.registry.webhooks, j1msky.webhook.states, j1msky.webhook.requests",
                        "to tell the account what happens",
                        null),
                new Item(
                        "what webhooks were sent, sealed with the key of its agent, and how each attempt went",
                        "Kafka: j1msky.webhook.deliveries",
                        "to send it again until it has arrived",
                        log),
                new Item(
                        "who did what, from which IP address, with which client program; never tasks or results",
                        "Kafka: j1msky.audit, j1msky.audit.anchors, j1msky.registry.audit",
                        "to find out afterwards what happened",
                        audit.get().retentionDays()),
                new Item(
                        "IP addresses that an API key was used from, and how much it usually does",
                        "Redis: the key's watch; not for accounts that opted out",
                        "to notice a stolen key",
                        8),
                new Item(
                        "IP addresses that called lately",
                        "Redis: limits by address, for minutes",
                        "to keep a flood out",
                        1),
                new Item(
                        "IP addresses and networks that are let in or blocked",
                        "Kafka: j1msky.registry.policies",
                        "to keep to them",
                        null),
                new Item(
                        "whether the account opted out",
                        "Kafka: j1msky.registry.privacy",
                        "to keep to it",
                        null),
                new Item(
                        "health of the machines; nothing about accounts",
                        "Kafka: j1msky.nodes, j1msky.registry.nodes",
                        "to show it and to spare hot machines",
                        null),
                new Item(
                        "records that nobody could read, as they were",
                        "Kafka: the .dlq topic of each topic",
                        "to find out why",
                        log),
                new Item(
                        "ids of requests and agents, statuses and times; never tasks, results, keys or IP addresses of"
                                + " requests that were let in",
                        "files: logs (50 MB a process); Prometheus: sums",
                        "to run the service",
                        null));
    }

    ObjectNode json() {
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ArrayNode all = answer.putArray("items");
        for (Item item : items()) {
            ObjectNode each = all.addObject();
            each.put("what", item.what);
            each.put("where", item.where);
            each.put("why", item.why);
            each.put("kept_days", item.keptDays);
        }
        return answer;
    }
}
