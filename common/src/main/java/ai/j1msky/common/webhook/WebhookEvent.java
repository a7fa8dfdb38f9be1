package ai.j1msky.common.webhook;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What an endpoint can be told of. The names are the public ones, with a dot: `agent.completed`.
public enum WebhookEvent {
    AGENT_STARTED,
    AGENT_COMPLETED,
    AGENT_FAILED,
    AGENT_CANCELLED,
    BILLING_ALERT,

    /// An API key of the account has entered its last ten days.
    KEY_EXPIRING,

    /// Another endpoint of the account gets nothing any more.
    WEBHOOK_DISABLED,

    /// Sent when its owner asks for it, whatever the endpoint wants to be told of.
    WEBHOOK_TEST;

    /// Whether an endpoint may ask for it.
    public boolean isForSubscribers() {
        return this != WEBHOOK_TEST;
    }

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    public static Optional<WebhookEvent> find(String wireName) {
        return Arrays.stream(values()).filter(e -> e.wireName().equals(wireName)).findFirst();
    }

    @JsonCreator
    static WebhookEvent parse(String wireName) {
        return find(wireName).orElseThrow(() -> new IllegalArgumentException("unknown event"));
    }
}
