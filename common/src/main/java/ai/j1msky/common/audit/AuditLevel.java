package ai.j1msky.common.audit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How much is written: each level has all that the one before it has.
public enum AuditLevel {

    /// Changes of the configuration, violations, keys that end soon, endpoints that were disabled, and agents that failed.
    QUIET,

    /// Also every agent's spawn and end, and the first use of a key from an address in each hour.
    NORMAL,

    /// Also every use of a key.
    VERBOSE;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether entries of that kind are written at this level at all.
    public boolean has(AuditEvent event) {
        return this != QUIET
                || switch (event) {
                    case AGENT_FAIL,
                            API_KEY_EXPIRING,
                            BILLING_ALERT,
                            WEBHOOK_DISABLED,
                            CONFIG_CHANGE,
                            DATA_ERASED,
                            DATA_EXPORTED,
                            SECURITY_VIOLATION,
                            AUDIT_START,
                            AUDIT_LOST ->
                            true;
                    case AGENT_SPAWN, AGENT_COMPLETE, AGENT_CANCEL, API_KEY_USED -> false;
                };
    }

    @JsonCreator
    static AuditLevel parse(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
