package ai.j1msky.common.webhook;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.LogEntry;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An owner's wish that its endpoint be sent something.
///
/// @param deliveryId the one to be sent again; null for all, and for a test
/// @param since what was made from then on is sent again; null for a test
/// @param requestId the request it came with
public record WebhookRequest(
        WebhookId webhookId,
        AccountId accountId,
        Kind kind,
        @Nullable DeliveryId deliveryId,
        @Nullable Instant since,
        String requestId,
        Instant at)
        implements LogEntry {

    public enum Kind {
        /// A `webhook.test`.
        TEST,
        /// What was sent before, under the same ids.
        RESEND;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        static Kind parse(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    public WebhookRequest {
        requireNonNull(webhookId, "webhook_id");
        requireNonNull(accountId, "account_id");
        requireNonNull(kind, "kind");
        requireNonNull(requestId, "request_id");
        requireNonNull(at, "at");
    }

    /// That its endpoint be sent a test.
    public static WebhookRequest test(Webhook webhook, String requestId, Instant at) {
        return new WebhookRequest(
                webhook.webhookId(), webhook.accountId(), Kind.TEST, null, null, requestId, at);
    }

    /// That something be sent again.
    ///
    /// @param delivery the one; null for all that were made since then
    public static WebhookRequest resend(
            Webhook webhook,
            @Nullable DeliveryId delivery,
            Instant since,
            String requestId,
            Instant at) {
        return new WebhookRequest(
                webhook.webhookId(),
                webhook.accountId(),
                Kind.RESEND,
                delivery,
                since,
                requestId,
                at);
    }

    @Override
    public String logKey() {
        return webhookId.value();
    }

    @Override
    public String logId() {
        return webhookId + "/" + kind.wireName() + "/" + requestId;
    }
}
