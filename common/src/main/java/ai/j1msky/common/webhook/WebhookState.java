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
/// @param keysTold it was told of all keys whose last days had begun by then; null when of none
public record WebhookState(
        WebhookId webhookId,
        AccountId accountId,
        long sequence,
        @Nullable Instant failingSince,
        @Nullable Disabled disabled,
        @Nullable Instant keysTold,
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
                webhook.webhookId(), webhook.accountId(), 0, null, null, null, webhook.created());
    }

    /// Whether nothing is sent to that endpoint.
    public boolean disables(Webhook webhook) {
        return disabled != null && disabled.enabled >= webhook.enabled();
    }

    /// The same with one delivery more.
    public WebhookState next(Instant now) {
        return new WebhookState(
                webhookId, accountId, sequence + 1, failingSince, disabled, keysTold, now);
    }

    /// The same after an attempt.
    public WebhookState after(boolean succeeded, Instant now) {
        Instant since = succeeded ? null : failingSince == null ? now : failingSince;
        return Objects.equals(since, failingSince)
                ? this
                : new WebhookState(webhookId, accountId, sequence, since, disabled, keysTold, now);
    }

    public WebhookState disabledFor(int enabled, String reason, Instant now) {
        return new WebhookState(
                webhookId,
                accountId,
                sequence,
                failingSince,
                new Disabled(enabled, reason, now),
                keysTold,
                now);
    }

    /// The same after it was told of all keys whose last days had begun by then.
    public WebhookState toldOfKeys(Instant until, Instant now) {
        return new WebhookState(webhookId, accountId, sequence, failingSince, disabled, until, now);
    }

    /// Whether it has still to be told of a key whose last days began then.
    public boolean awaitsKey(Instant began) {
        return keysTold == null || began.isAfter(keysTold);
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
