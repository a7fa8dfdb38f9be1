package ai.j1msky.common.webhook;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.LogEntry;
import java.time.Instant;

/// An owner's wish that its endpoint be sent a test.
///
/// @param requestId the request it came with
public record WebhookRequest(WebhookId webhookId, AccountId accountId, String requestId, Instant at)
        implements LogEntry {

    public WebhookRequest {
        requireNonNull(webhookId, "webhook_id");
        requireNonNull(accountId, "account_id");
        requireNonNull(requestId, "request_id");
        requireNonNull(at, "at");
    }

    @Override
    public String logKey() {
        return webhookId.value();
    }

    @Override
    public String logId() {
        return webhookId + "/test/" + requestId;
    }
}
