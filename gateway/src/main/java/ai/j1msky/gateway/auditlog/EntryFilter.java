package ai.j1msky.gateway.auditlog;

import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.gateway.reading.PageReader;
import ai.j1msky.gateway.reading.TimeSpan;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Which entries are asked for.
///
/// @param account only its own; null for those of all accounts
record EntryFilter(
        @Nullable AccountId account,
        TimeSpan span,
        @Nullable AuditEvent event,
        @Nullable String keyId,
        @Nullable String agentId)
        implements PageReader.Filter<AuditEntry> {

    @Override
    public boolean mayTake(byte @Nullable [] recordKey) {
        return account == null
                || Arrays.equals(recordKey, account.value().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean takes(AuditEntry entry) {
        return (account == null || entry.account().equals(account))
                && span.has(entry.timestamp())
                && (event == null || entry.event() == event)
                && (keyId == null
                        || (entry.apiKeyId() != null && entry.apiKeyId().value().equals(keyId)))
                && (agentId == null
                        || (entry.resource() != null
                                && entry.resource().type().equals("agent")
                                && entry.resource().id().equals(agentId)));
    }
}
