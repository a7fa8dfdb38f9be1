package ai.j1msky.common.audit;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.id.RequestId;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.WireJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One line of the audit log, a link of its chain.
///
///     hash = hex( SHA-256( canonical JSON of every other field ) )
///
/// `previous_hash` is among them, so a hash stands for everything before it too.
///
/// @param id the same fact has the same id, also when it is written twice
/// @param timestamp when it happened
/// @param apiKeyId the key it was done with, or null
/// @param ipAddress where the request came from, or null when there was none
/// @param userAgent what the client calls itself, without anything that could break a line
/// @param resource what it was done to, or null
/// @param details more about it; no secret, no text of a client
/// @param account whose key it was; `main` when that is not known
/// @param sequence 1 for the first of its chain
/// @param previousAt the timestamp of the entry before, or null for the first
/// @param previousHash the hash of the entry before; zeros for the first
public record AuditEntry(
        String id,
        Instant timestamp,
        AuditEvent event,
        Severity severity,
        @Nullable KeyId apiKeyId,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        @Nullable RequestId requestId,
        @Nullable Resource resource,
        ObjectNode details,
        AccountId account,
        ChainId chain,
        long sequence,
        @Nullable Instant previousAt,
        String previousHash,
        String hash)
        implements LogEntry {

    /// What stands before the first entry of a chain.
    public static final String NOTHING = "0".repeat(64);

    /// What an entry is about, for example `agent` and its id.
    public record Resource(String type, String id) {
        public Resource {
            requireNonNull(type, "type");
            requireNonNull(id, "id");
        }
    }

    public AuditEntry {
        requireNonNull(id, "id");
        requireNonNull(timestamp, "timestamp");
        requireNonNull(event, "event");
        requireNonNull(severity, "severity");
        requireNonNull(account, "account");
        requireNonNull(chain, "chain");
        requireNonNull(previousHash, "previous_hash");
        requireNonNull(hash, "hash");
        details = requireNonNull(details, "details").deepCopy();
        if (sequence < 1) {
            throw new IllegalArgumentException("a sequence starts with 1");
        }
    }

    /// The same entry with the hash that belongs to it.
    public AuditEntry hashed() {
        return new AuditEntry(
                id,
                timestamp,
                event,
                severity,
                apiKeyId,
                ipAddress,
                userAgent,
                requestId,
                resource,
                details,
                account,
                chain,
                sequence,
                previousAt,
                previousHash,
                computedHash());
    }

    /// Whether its hash is that of its content.
    public boolean matchesItsHash() {
        return hash.equals(computedHash());
    }

    private String computedHash() {
        ObjectNode content = WireJson.MAPPER.valueToTree(this);
        content.remove("hash");
        return sha256(CanonicalJson.of(content));
    }

    private static String sha256(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    @Override
    public String logKey() {
        return account.value();
    }

    @Override
    public String logId() {
        return chain + ":" + sequence;
    }

    @Override
    public Instant at() {
        return timestamp;
    }
}
