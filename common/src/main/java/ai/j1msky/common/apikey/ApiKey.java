package ai.j1msky.common.apikey;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.log.LogEntry;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is kept of an API key, on the registry's compacted topic. The secret is not in it.
///
/// @param name the operator's words for it
/// @param secrets the texts that open it now, oldest first; two while it is being rotated
/// @param apiSecret the signing secret, sealed with the master key
/// @param requireSignature unsigned requests are refused
/// @param expires after this it is refused
/// @param revoked when it was revoked, or null
/// @param at when this version of the entry was written
public record ApiKey(
        KeyId keyId,
        AccountId account,
        String name,
        KeyEnvironment env,
        Set<Scope> scopes,
        List<Secret> secrets,
        String apiSecret,
        boolean requireSignature,
        Instant created,
        Instant expires,
        @Nullable Instant revoked,
        Instant at)
        implements LogEntry {

    /// One text that opens the key.
    ///
    /// @param sha256 of the text, in hex
    /// @param prefix its start, which may be shown
    /// @param lastFour its end, which may be shown
    public record Secret(String sha256, String prefix, String lastFour, Instant created) {
        public Secret {
            requireNonNull(sha256, "sha256");
            requireNonNull(prefix, "prefix");
            requireNonNull(lastFour, "last_four");
            requireNonNull(created, "created");
        }
    }

    public ApiKey {
        requireNonNull(keyId, "key_id");
        requireNonNull(account, "account");
        requireNonNull(name, "name");
        requireNonNull(env, "env");
        requireNonNull(apiSecret, "api_secret");
        requireNonNull(created, "created");
        requireNonNull(expires, "expires");
        requireNonNull(at, "at");
        // In the order of declaration, so that one entry always has the same bytes.
        scopes = Collections.unmodifiableSet(ordered(scopes));
        secrets = List.copyOf(secrets);
    }

    public boolean isUsableAt(Instant now) {
        return revoked == null && now.isBefore(expires);
    }

    public boolean allows(Scope scope) {
        return scopes.contains(scope);
    }

    public ApiKey revokedAt(Instant when) {
        return new ApiKey(
                keyId,
                account,
                name,
                env,
                scopes,
                secrets,
                apiSecret,
                requireSignature,
                created,
                expires,
                when,
                when);
    }

    private static Set<Scope> ordered(Collection<Scope> scopes) {
        Set<Scope> ordered = EnumSet.noneOf(Scope.class);
        ordered.addAll(scopes);
        return ordered;
    }

    @Override
    public String logKey() {
        return keyId.value();
    }

    @Override
    public String logId() {
        return keyId + "/" + at;
    }
}
