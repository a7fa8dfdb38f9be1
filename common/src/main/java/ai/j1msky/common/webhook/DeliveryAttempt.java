package ai.j1msky.common.webhook;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How one attempt to deliver went.
///
/// @param attempt from 1; 0 when none was made
/// @param status the HTTP status of the answer, or null when there was none
/// @param error why there was none, in a word, or null
/// @param next when it is tried again, or null when it is not
public record DeliveryAttempt(
        DeliveryId deliveryId,
        WebhookId webhookId,
        AccountId accountId,
        int attempt,
        Outcome outcome,
        @Nullable Integer status,
        @Nullable String error,
        long latencyMillis,
        @Nullable Instant next,
        Instant at)
        implements DeliveryRecord {

    /// What follows from it.
    public enum Outcome {
        /// The endpoint has it.
        DELIVERED,
        /// It is tried again.
        RETRY,
        /// It is not tried again: the last attempt has failed.
        GIVEN_UP,
        /// It is not tried again: the endpoint was deleted or disabled, or the agent's data.
        DROPPED;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        static Outcome parse(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    public DeliveryAttempt {
        requireNonNull(deliveryId, "delivery_id");
        requireNonNull(webhookId, "webhook_id");
        requireNonNull(accountId, "account_id");
        requireNonNull(outcome, "outcome");
        requireNonNull(at, "at");
    }

    @Override
    public String logId() {
        return deliveryId + "/" + attempt + "/" + outcome.wireName();
    }
}
