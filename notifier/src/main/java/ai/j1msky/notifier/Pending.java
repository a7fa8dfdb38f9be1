package ai.j1msky.notifier;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.webhook.DeliveryId;
import ai.j1msky.common.webhook.WebhookDelivery;
import ai.j1msky.common.webhook.WebhookId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A delivery that has not ended. Bodies lie on the log: a delivery may wait for hours.
///
/// @param position where it stands on the log
/// @param body its sealed body while it is small and new, or null: then it is read from there
/// @param key the data key of the agent that it is about; null when it is about none
/// @param attempts how many were made
/// @param due when it is tried next
record Pending(
        DeliveryId id,
        WebhookId webhook,
        AccountId account,
        @Nullable AgentId agent,
        long sequence,
        Position position,
        @Nullable SealedText body,
        @Nullable WrappedKey key,
        int attempts,
        Instant due) {

    private static final int SMALL = 8 * 1024;

    /// One that was just made.
    static Pending made(
            WebhookDelivery delivery, Position position, @Nullable WrappedKey key, Instant now) {
        SealedText body = delivery.body();
        return new Pending(
                delivery.deliveryId(),
                delivery.webhookId(),
                delivery.accountId(),
                delivery.agentId(),
                delivery.sequence(),
                position,
                body.value().length() <= SMALL ? body : null,
                key,
                0,
                now);
    }

    /// The same after one attempt more.
    Pending again(Instant next) {
        return new Pending(
                id, webhook, account, agent, sequence, position, null, key, attempts + 1, next);
    }

    /// The same a little later, without an attempt.
    Pending later(Instant next) {
        return new Pending(
                id, webhook, account, agent, sequence, position, body, key, attempts, next);
    }

    /// The same whose body is read from the log: one that waits for long is not worth its memory.
    Pending withoutBody() {
        return new Pending(
                id, webhook, account, agent, sequence, position, null, key, attempts, due);
    }

    Pending with(@Nullable WrappedKey dataKey) {
        return new Pending(
                id, webhook, account, agent, sequence, position, body, dataKey, attempts, due);
    }
}
