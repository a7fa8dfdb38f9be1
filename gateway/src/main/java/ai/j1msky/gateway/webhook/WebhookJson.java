package ai.j1msky.gateway.webhook;

import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Endpoints as clients see them; never their secrets.
final class WebhookJson {

    private WebhookJson() {}

    static ObjectNode of(Webhook webhook, WebhookState state) {
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
