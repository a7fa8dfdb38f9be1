package ai.j1msky.common.audit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What an audit entry is about.
public enum AuditEvent {
    AGENT_SPAWN("agent.spawn"),
    AGENT_COMPLETE("agent.complete"),
    AGENT_FAIL("agent.fail"),
    AGENT_CANCEL("agent.cancel"),
    API_KEY_USED("api.key.used"),

    /// A key has entered its last ten days.
    API_KEY_EXPIRING("api.key.expiring"),
    /// A part of a budget is spent, or more would have been spent than may be.
    BILLING_ALERT("billing.alert"),

    /// Texts were deleted, because their owner wanted it or their time was over.
    DATA_ERASED("data.erased"),
    /// All that is kept of an account was handed out.
    DATA_EXPORTED("data.exported"),
    /// Nothing is sent to an endpoint any more: it wanted that, or it has failed for long.
    WEBHOOK_DISABLED("webhook.disabled"),
    CONFIG_CHANGE("config.change"),
    SECURITY_VIOLATION("security.violation"),

    /// A chain begins; it names the chains that were there before it.
    AUDIT_START("audit.start"),

    /// Entries that could not be kept until they could be written.
    AUDIT_LOST("audit.lost");

    private final String wireName;

    AuditEvent(String wireName) {
        this.wireName = wireName;
    }

    @JsonValue
    public String wireName() {
        return wireName;
    }

    /// Whether the operator may leave it out; what the log says about itself is always written.
    public boolean isOptional() {
        return this != AUDIT_START && this != AUDIT_LOST;
    }

    /// Those that the operator chooses from.
    public static List<AuditEvent> optional() {
        return Arrays.stream(values()).filter(AuditEvent::isOptional).toList();
    }

    public static Optional<AuditEvent> find(String wireName) {
        return Arrays.stream(values()).filter(e -> e.wireName.equals(wireName)).findFirst();
    }

    @JsonCreator
    static AuditEvent parse(String wireName) {
        return find(wireName).orElseThrow(() -> new IllegalArgumentException("unknown event"));
    }
}
