package ai.j1msky.common.webhook;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.seal.MasterKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An endpoint of an account. Deleted by a tombstone.
///
/// @param url where it is told
/// @param events what it wants to be told of
/// @param secret what signs, sealed by the master key
/// @param previous the secret before it, for a while after a change; null otherwise
/// @param enabled how often it was enabled, from 1; it may be disabled again each time ([WebhookState])
/// @param at when it was last changed
public record Webhook(
        WebhookId webhookId,
        AccountId accountId,
        String url,
        List<WebhookEvent> events,
        String secret,
        @Nullable Previous previous,
        int enabled,
        Instant created,
        Instant at)
        implements LogEntry {

    private static final String SECRET = "webhook-secret\n";

    /// A secret that is still good, beside the new one.
    public record Previous(String secret, Instant until) {
        public Previous {
            requireNonNull(secret, "secret");
            requireNonNull(until, "until");
        }
    }

    public Webhook {
        requireNonNull(webhookId, "webhook_id");
        requireNonNull(accountId, "account_id");
        requireNonNull(url, "url");
        requireNonNull(secret, "secret");
        requireNonNull(created, "created");
        requireNonNull(at, "at");
        events = List.copyOf(requireNonNull(events, "events"));
    }

    /// Seals a secret for the endpoint of that id.
    public static String seal(MasterKey master, WebhookId id, String secret) {
        return master.sealSecret(secret, SECRET + id);
    }

    /// The secrets that sign now, the newest first.
    ///
    /// @throws ai.j1msky.common.seal.UnreadableException when the master key is another one
    public List<String> secrets(MasterKey master, Instant now) {
        String newest = master.openSecret(secret, SECRET + webhookId);
        return previous == null || !now.isBefore(previous.until)
                ? List.of(newest)
                : List.of(newest, master.openSecret(previous.secret, SECRET + webhookId));
    }

    @Override
    public String logKey() {
        return webhookId.value();
    }

    @Override
    public String logId() {
        return webhookId + "/" + at;
    }

    /// Neither the sealed secrets, which are not needed to tell endpoints apart.
    @Override
    public String toString() {
        return "Webhook[" + webhookId + "]";
    }
}
