package ai.j1msky.gateway.audit.chain;

import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.ChainId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Makes facts into links of one chain. Not thread-safe.
final class Chain {

    private final ChainId id;
    private long count;
    private String head = AuditEntry.NOTHING;
    private @Nullable Instant lastAt;

    Chain(ChainId id) {
        this.id = id;
    }

    AuditEntry next(AuditFact fact) {
        AuditEntry entry =
                new AuditEntry(
                                fact.id() == null ? id + ":" + (count + 1) : fact.id(),
                                fact.at(),
                                fact.event(),
                                fact.severity(),
                                fact.key(),
                                fact.origin().address(),
                                fact.origin().userAgent(),
                                fact.origin().requestId(),
                                fact.resource(),
                                fact.details(),
                                fact.account(),
                                id,
                                count + 1,
                                lastAt,
                                head,
                                "")
                        .hashed();
        count++;
        head = entry.hash();
        lastAt = entry.timestamp();
        return entry;
    }

    ChainId id() {
        return id;
    }

    long count() {
        return count;
    }

    String head() {
        return head;
    }

    /// When its last entry was made; an empty chain has none.
    Instant lastAt() {
        if (lastAt == null) {
            throw new IllegalStateException("the chain is empty");
        }
        return lastAt;
    }
}
