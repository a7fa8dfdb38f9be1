package ai.j1msky.notifier;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.registry.FoldedRegistry;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookEvent;
import ai.j1msky.common.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// All endpoints, folded in memory from their topic. Thread-safe.
final class Endpoints implements AutoCloseable {

    /// Clocks of gateways and brokers may differ by so much. While a notifier was away, an endpoint may be told of what
    /// happened so long before it was created.
    private static final Duration SKEW = Duration.ofHours(1);

    private final FoldedRegistry<Webhook> registry;

    Endpoints(LogClients clients) {
        this.registry =
                new FoldedRegistry<>(new EntryCodec<>(Topics.WEBHOOKS), clients, changed -> {});
    }

    void start() {
        registry.start();
    }

    boolean awaitReady(Duration patience) throws InterruptedException {
        return registry.awaitCaughtUp(patience);
    }

    Optional<Webhook> find(WebhookId id) {
        return registry.find(id.value());
    }

    /// Those that want to be told of such events.
    List<Webhook> of(WebhookEvent event) {
        return registry.all().stream().filter(w -> w.events().contains(event)).toList();
    }

    /// Those of an account that want to be told of what happened then, by their ids.
    List<Webhook> of(AccountId account, WebhookEvent event, Instant when) {
        return registry.all().stream()
                .filter(webhook -> webhook.accountId().equals(account))
                .filter(webhook -> webhook.events().contains(event))
                .filter(webhook -> wasThere(webhook, when))
                .sorted(Comparator.comparing(Webhook::logKey))
                .toList();
    }

    /// Whether it was there when something happened.
    static boolean wasThere(Webhook webhook, Instant when) {
        return webhook.created().minus(SKEW).isBefore(when);
    }

    @Override
    public void close() {
        registry.close();
    }
}
