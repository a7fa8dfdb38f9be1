package ai.j1msky.common.audit;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.log.LogEntry;
import java.time.Instant;

/// How far a chain goes, on a compacted topic and written in one transaction with the entries it is about: so a chain
/// that ends earlier was cut. Who can write topics but has not the master key cannot make one.
///
/// @param chain which chain
/// @param count the sequence of its last entry
/// @param head the hash of its last entry
/// @param at the timestamp of its last entry
/// @param sealedKey the chain's own MAC key, encrypted with the master key and bound to the chain
/// @param mac HMAC-SHA256 over the other fields
public record AuditAnchor(
        ChainId chain, long count, String head, Instant at, String sealedKey, String mac)
        implements LogEntry {

    public AuditAnchor {
        requireNonNull(chain, "chain");
        requireNonNull(head, "head");
        requireNonNull(at, "at");
        requireNonNull(sealedKey, "sealed_key");
        requireNonNull(mac, "mac");
        if (count < 1) {
            throw new IllegalArgumentException("an anchor is about entries that are there");
        }
    }

    /// What the MAC is taken over.
    public String statement() {
        return String.join("\n", "1", chain.value(), Long.toString(count), head, at.toString());
    }

    @Override
    public String logKey() {
        return chain.value();
    }

    @Override
    public String logId() {
        return chain + ":" + count;
    }
}
