package ai.j1msky.common.apikey;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.seal.MasterKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is kept of an API key, on the registry's compacted topic. No secret is in it in clear.
///
/// Several gateways may write a key's entry at once, each from what it knew: whoever folds the topic joins the
/// entries with [KeyMerge], so that nothing that was ended comes back.
///
/// @param name the operator's words for it
/// @param secrets the texts that open it, oldest first; two while it is being rotated, and those that ended lately
/// @param apiSecret the newest text's signing secret, sealed with the master key; of all texts that have none of
///     their own
/// @param requireSignature unsigned requests are refused
/// @param expires after this it is refused
/// @param revoked when it was revoked, or null
/// @param requests the requests with an `Idempotency-Key` that made its texts, of the last day
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
        List<KeyRequest> requests,
        Instant at)
        implements LogEntry {

    /// One text that opens the key.
    ///
    /// @param sha256 of the text, in hex
    /// @param prefix its start, which may be shown
    /// @param lastFour its end, which may be shown
    /// @param apiSecret its signing secret, sealed; null in entries from before keys could be rotated
    /// @param firstUsed when it was first used while an older text was still good, or null
    /// @param graceHours how long older texts stay good after that; null for the key's first text
    /// @param ends when it ends at the latest; null for when the key expires
    public record Secret(
            String sha256,
            String prefix,
            String lastFour,
            Instant created,
            @Nullable String apiSecret,
            @Nullable Instant firstUsed,
            @Nullable Integer graceHours,
            @Nullable Instant ends) {
        public Secret {
            requireNonNull(sha256, "sha256");
            requireNonNull(prefix, "prefix");
            requireNonNull(lastFour, "last_four");
            requireNonNull(created, "created");
        }

        Secret firstUsedAt(@Nullable Instant when) {
            return new Secret(sha256, prefix, lastFour, created, apiSecret, when, graceHours, ends);
        }

        Secret endingAt(@Nullable Instant when) {
            return new Secret(
                    sha256, prefix, lastFour, created, apiSecret, firstUsed, graceHours, when);
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
        requests = copy(requests);
    }

    public boolean isUsableAt(Instant now) {
        return revoked == null && now.isBefore(expires);
    }

    /// When its last days begin, of which its owner is reminded.
    public Instant reminder() {
        return expires.minus(MintedKey.REMINDER);
    }

    public boolean allows(Scope scope) {
        return scopes.contains(scope);
    }

    /// The text with that digest, while it opens the key.
    public Optional<Secret> opening(String sha256, Instant now) {
        return secret(sha256).filter(secret -> isLive(secret, now));
    }

    /// The texts that open the key, oldest first: two at most.
    public List<Secret> live(Instant now) {
        return secrets.stream().filter(secret -> isLive(secret, now)).toList();
    }

    private boolean isLive(Secret secret, Instant now) {
        return isUsableAt(now) && now.isBefore(endOf(secret));
    }

    Optional<Secret> secret(String sha256) {
        return secrets.stream().filter(secret -> secret.sha256().equals(sha256)).findFirst();
    }

    /// When that text ends, as far as is known: with the key, when it was told to, or its grace after a newer one was
    /// first used.
    public Instant endOf(Secret secret) {
        Instant end = earlier(expires, secret.ends());
        for (Secret newer : secrets.subList(secrets.indexOf(secret) + 1, secrets.size())) {
            if (newer.firstUsed() != null && newer.graceHours() != null) {
                end = earlier(end, newer.firstUsed().plus(Duration.ofHours(newer.graceHours())));
            }
        }
        return end;
    }

    /// Whether the first use of that text matters, because it ends an older one, and is not known yet.
    public boolean awaitsFirstUse(Secret secret, Instant now) {
        if (secret.firstUsed() == null && secret.graceHours() != null) {
            for (Secret older : secrets.subList(0, secrets.indexOf(secret))) {
                if (isLive(older, now)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// The signing secret that belongs to that text.
    ///
    /// @throws ai.j1msky.common.seal.UnreadableException when it was sealed with another master key
    public String openApiSecret(Secret secret, MasterKey master) {
        return secret.apiSecret() == null
                ? master.openSecret(apiSecret, "api-secret\n" + keyId)
                : master.openSecret(secret.apiSecret(), apiSecretContext(keyId, secret.sha256()));
    }

    static String apiSecretContext(KeyId id, String sha256) {
        return "api-secret\n" + id + "\n" + sha256;
    }

    public ApiKey revokedAt(Instant when) {
        return with(secrets, apiSecret, expires, when, requests, when);
    }

    /// @param when that text was first used
    /// @param now when this is written
    public ApiKey firstUsed(String sha256, Instant when, Instant now) {
        List<Secret> used =
                secrets.stream()
                        .map(s -> s.sha256().equals(sha256) ? s.firstUsedAt(when) : s)
                        .toList();
        return with(used, apiSecret, expires, revoked, requests, now);
    }

    /// This entry, written anew.
    public ApiKey writtenAt(Instant now) {
        return with(secrets, apiSecret, expires, revoked, requests, now);
    }

    ApiKey withRequest(KeyRequest request) {
        return with(secrets, apiSecret, expires, revoked, KeyMerge.append(requests, request), at);
    }

    ApiKey with(
            List<Secret> secrets,
            String apiSecret,
            Instant expires,
            @Nullable Instant revoked,
            List<KeyRequest> requests,
            Instant at) {
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
                revoked,
                requests,
                at);
    }

    static Instant earlier(Instant one, @Nullable Instant other) {
        return other != null && other.isBefore(one) ? other : one;
    }

    private static Set<Scope> ordered(Collection<Scope> scopes) {
        Set<Scope> ordered = EnumSet.noneOf(Scope.class);
        ordered.addAll(scopes);
        return ordered;
    }

    /// Entries from before there were such requests have none.
    private static List<KeyRequest> copy(@Nullable List<KeyRequest> requests) {
        return requests == null ? List.of() : List.copyOf(requests);
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
