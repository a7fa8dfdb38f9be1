package ai.j1msky.common.webhook;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.LogEntry;

/// A record about one delivery. All of an endpoint have its id as their key, so they stand in their order.
public sealed interface DeliveryRecord extends LogEntry permits WebhookDelivery, DeliveryAttempt {

    DeliveryId deliveryId();

    WebhookId webhookId();

    AccountId accountId();

    @Override
    default String logKey() {
        return webhookId().value();
    }
}
