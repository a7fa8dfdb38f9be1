package ai.j1msky.common.webhook;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.LogEntry;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the notifier knows of an endpoint.
///
/// @param sequence the number of its newest delivery; they have no gaps
/// @param failingSince of its first attempt that failed since one succeeded, or null
/// @param disabled why nothing is sent to it, or null
public record WebhookState(
        WebhookId webhookId,
        AccountId accountId,
        long sequence,
        @Nullable Instant failingSince,
        @Nullable Disabled disabled,
        Instant at)
        implements LogEntry {

    /// @param enabled the [Webhook#enabled] that this ended; a later one ends this
    /// @param reason in words for its owner
    public record Disabled(int enabled, String reason, Instant at) {
        public Disabled {
            requireNonNull(reason, "reason");
            requireNonNull(at, "at");
        }
    }

    public WebhookState {
        requireNonNull(webhookId, "webhook_id");
        requireNonNull(accountId, "account_id");
        requireNonNull(at, "at");
    }

    /// Of an endpoint that nothing was sent to.
    public static WebhookState of(Webhook webhook) {
        return new WebhookState(
                webhook.webhookId(), webhook.accountId(), 0, null, null, webhook.created());
    }

    /// Whether nothing is sent to that endpoint.
    public boolean disables(Webhook webhook) {
        return disabled != null && disabled.enabled >= webhook.enabled();
    }

    /// The same with one delivery more.
    public WebhookState next(Instant now) {
        return new WebhookState(webhookId, accountId, sequence + 1, failingSince, disabled, now);
    }

    /// The same after an attempt.
    public WebhookState after(boolean succeeded, Instant now) {
        Instant since = succeeded ? null : failingSince == null ? now : failingSince;
        return Objects.equals(since, failingSince)
                ? this
                : new WebhookState(webhookId, accountId, sequence, since, disabled, now);
    }

    public WebhookState disabledFor(int enabled, String reason, Instant now) {
        return new WebhookState(
                webhookId,
                accountId,
                sequence,
                failingSince,
                new Disabled(enabled, reason, now),
                now);
    }

    @Override
    public String logKey() {
        return webhookId.value();
    }

    @Override
    public String logId() {
        return webhookId + "/state/" + sequence + "/" + at;
    }
}
