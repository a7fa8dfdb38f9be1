package ai.j1msky.common.webhook;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.seal.SealedText;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that an endpoint is to be told; [DeliveryAttempt] says how that went.
///
/// @param agentId the agent that it is about, or null
/// @param sequence its number among the endpoint's, from 1
/// @param body what is sent, the same bytes on every attempt: sealed with the agent's data key, or by the master key when
///     it is about no agent
public record WebhookDelivery(
        DeliveryId deliveryId,
        WebhookId webhookId,
        AccountId accountId,
        WebhookEvent event,
        @Nullable AgentId agentId,
        long sequence,
        SealedText body,
        Instant at)
        implements DeliveryRecord {

    public WebhookDelivery {
        requireNonNull(deliveryId, "delivery_id");
        requireNonNull(webhookId, "webhook_id");
        requireNonNull(accountId, "account_id");
        requireNonNull(event, "event");
        requireNonNull(body, "body");
        requireNonNull(at, "at");
    }

    /// What its body is sealed as.
    public static String bodyField(DeliveryId delivery) {
        return "webhook/" + delivery;
    }

    @Override
    public String logId() {
        return deliveryId.value();
    }
}
