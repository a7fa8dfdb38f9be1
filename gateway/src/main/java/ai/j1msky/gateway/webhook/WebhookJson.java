package ai.j1msky.gateway.webhook;

import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.webhook.DeliveryAttempt;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookDelivery;
import ai.j1msky.common.webhook.WebhookState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Endpoints as clients see them; never their secrets.
public final class WebhookJson {

    private WebhookJson() {}

    public static ObjectNode of(Webhook webhook, WebhookState state) {
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        put(json, webhook);
        boolean disabled = state.disables(webhook);
        json.put("enabled", !disabled);
        if (disabled && state.disabled() != null) {
            json.put("disabled_reason", state.disabled().reason());
        }
        json.put("failing_since", time(state.failingSince()));
        json.put("deliveries", state.sequence());
        return json;
    }

    /// The answer to a change.
    ///
    /// @param minted the secret if it was made here: shown this once; else null
    static ObjectNode changed(Webhook webhook, @Nullable String minted) {
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        json.put("success", true);
        put(json, webhook);
        if (minted != null) {
            json.put("secret", minted);
        }
        return json;
    }

    /// One delivery: `pending` while it is tried, then `delivered`, `failed` or `dropped`.
    static ObjectNode of(Deliveries.Told told) {
        WebhookDelivery delivery = told.delivery();
        DeliveryAttempt last = told.attempts().isEmpty() ? null : told.attempts().getLast();
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        json.put("id", delivery.deliveryId().value());
        json.put("event", delivery.event().wireName());
        json.put("agent_id", delivery.agentId() == null ? null : delivery.agentId().value());
        json.put("sequence", delivery.sequence());
        json.put("created", time(delivery.at()));
        json.put(
                "status",
                switch (last == null ? null : last.outcome()) {
                    case null -> "pending";
                    case RETRY -> "pending";
                    case DELIVERED -> "delivered";
                    case GIVEN_UP -> "failed";
                    case DROPPED -> "dropped";
                });
        ArrayNode attempts = json.putArray("attempts");
        for (DeliveryAttempt attempt : told.attempts()) {
            ObjectNode each = attempts.addObject();
            each.put("at", time(attempt.at()));
            each.put("status", attempt.status());
            each.put("latency_ms", attempt.latencyMillis());
            each.put("error", attempt.error());
        }
        json.put("next_attempt_at", last == null ? null : time(last.next()));
        return json;
    }

    private static void put(ObjectNode json, Webhook webhook) {
        json.put("webhook_id", webhook.webhookId().value());
        json.put("url", webhook.url());
        ArrayNode events = json.putArray("events");
        webhook.events().forEach(event -> events.add(event.wireName()));
        json.put("created", time(webhook.created()));
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
