package ai.j1msky.gateway.auditlog;

import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.id.AccountId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Which entries are asked for.
///
/// @param account only its own; null for those of all accounts
/// @param from not before
/// @param to before; null without an end
record EntryFilter(
        @Nullable AccountId account,
        Instant from,
        @Nullable Instant to,
        @Nullable AuditEvent event,
        @Nullable String keyId,
        @Nullable String agentId) {

    /// Whether a record with that key may be one, without decoding it.
    boolean mayTake(byte[] recordKey) {
        return account == null
                || Arrays.equals(recordKey, account.value().getBytes(StandardCharsets.UTF_8));
    }

    boolean takes(AuditEntry entry) {
        return (account == null || entry.account().equals(account))
                && !entry.timestamp().isBefore(from)
                && (to == null || entry.timestamp().isBefore(to))
                && (event == null || entry.event() == event)
                && (keyId == null
                        || (entry.apiKeyId() != null && entry.apiKeyId().value().equals(keyId)))
                && (agentId == null
                        || (entry.resource() != null
                                && entry.resource().type().equals("agent")
                                && entry.resource().id().equals(agentId)));
    }
}
