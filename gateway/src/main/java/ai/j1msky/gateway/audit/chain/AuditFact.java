package ai.j1msky.gateway.audit.chain;

import ai.j1msky.common.audit.AuditEntry.Resource;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.audit.Severity;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.log.WireJson;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Something worth an entry that is not a link of a chain yet.
///
/// @param id the same fact has the same id; null when it can happen only once
/// @param account `main` when nobody's
public record AuditFact(
        @Nullable String id,
        Instant at,
        AuditEvent event,
        Severity severity,
        AccountId account,
        @Nullable KeyId key,
        Origin origin,
        @Nullable Resource resource,
        ObjectNode details) {

    public static AuditFact of(AuditEvent event, AccountId account, Instant at) {
        return new AuditFact(
                null,
                at.truncatedTo(ChronoUnit.MILLIS),
                event,
                severityOf(event),
                account,
                null,
                Origin.NONE,
                null,
                WireJson.MAPPER.createObjectNode());
    }

    private static Severity severityOf(AuditEvent event) {
        return switch (event) {
            case AGENT_FAIL,
                    API_KEY_EXPIRING,
                    BILLING_ALERT,
                    WEBHOOK_DISABLED,
                    SECURITY_VIOLATION ->
                    Severity.WARNING;
            case AUDIT_LOST -> Severity.CRITICAL;
            case AGENT_SPAWN,
                    AGENT_COMPLETE,
                    AGENT_CANCEL,
                    API_KEY_USED,
                    CONFIG_CHANGE,
                    DATA_ERASED,
                    DATA_EXPORTED,
                    AUDIT_START ->
                    Severity.INFO;
        };
    }

    /// The same fact under an id that it has however often it is told.
    public AuditFact named(String name) {
        return new AuditFact(name, at, event, severity, account, key, origin, resource, details);
    }

    public AuditFact by(@Nullable KeyId who) {
        return new AuditFact(id, at, event, severity, account, who, origin, resource, details);
    }

    public AuditFact from(Origin where) {
        return new AuditFact(id, at, event, severity, account, key, where, resource, details);
    }

    public AuditFact about(String type, String name) {
        return new AuditFact(
                id, at, event, severity, account, key, origin, new Resource(type, name), details);
    }

    /// With these details instead; never a secret, a prompt or a result.
    public AuditFact with(ObjectNode more) {
        return new AuditFact(id, at, event, severity, account, key, origin, resource, more);
    }

    public AuditFact as(Severity grade) {
        return new AuditFact(id, at, event, grade, account, key, origin, resource, details);
    }
}
