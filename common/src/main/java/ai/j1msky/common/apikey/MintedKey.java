package ai.j1msky.common.apikey;

import ai.j1msky.common.apikey.ApiKey.Secret;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.seal.MasterKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A new text of an API key, new or old: what its owner is shown once, and what is kept.
///
/// @param text the key's text, to be shown once
/// @param apiSecret the signing secret, to be shown once
/// @param kept the registry's entry
public record MintedKey(KeyText text, String apiSecret, ApiKey kept) {

    /// Keys end after this long, so that they are rotated.
    public static final Duration LIFETIME = Duration.ofDays(90);

    /// How long before its end the bearer of a key is reminded of it.
    public static final Duration REMINDER = Duration.ofDays(10);

    private static final int API_SECRET_BYTES = 32;

    public static MintedKey mint(
            AccountId account,
            String name,
            KeyEnvironment environment,
            Set<Scope> scopes,
            boolean requireSignature,
            MasterKey master,
            Instant now,
            SecureRandom random) {
        NewKey wish = new NewKey(account, name, environment, scopes, requireSignature);
        return mint(wish, KeyId.mint(random), master, now, random);
    }

    public static MintedKey mint(
            NewKey wish, KeyId id, MasterKey master, Instant now, SecureRandom random) {
        KeyText text = KeyText.mint(wish.env(), random);
        String apiSecret = apiSecret(random);
        String sealed = seal(apiSecret, id, text.sha256(), master);
        ApiKey kept =
                new ApiKey(
                        id,
                        wish.account(),
                        wish.name(),
                        wish.env(),
                        wish.scopes(),
                        List.of(secret(text, sealed, null, now)),
                        sealed,
                        wish.requireSignature(),
                        now,
                        now.plus(LIFETIME),
                        null,
                        List.of(),
                        now);
        return new MintedKey(text, apiSecret, kept);
    }

    /// A second text of the same key, which lives anew. The texts it had end when they would have ended without it, or
    /// before: their grace after the first use of the new one, or at once when it is none. When two were live already,
    /// one of them ends at once (see [KeyMerge]).
    ///
    /// @param graceHours how long the old text stays good after the new one is first used; 0 to end it now
    public static MintedKey rotate(
            ApiKey key, int graceHours, MasterKey master, Instant now, SecureRandom random) {
        KeyText text = KeyText.mint(key.env(), random);
        String apiSecret = apiSecret(random);
        String sealed = seal(apiSecret, key.keyId(), text.sha256(), master);
        List<Secret> secrets = new ArrayList<>();
        Instant created = now;
        for (Secret old : key.secrets()) {
            Instant end = ApiKey.earlier(key.expires(), old.ends());
            secrets.add(
                    withOwnApiSecret(key, old, master)
                            .endingAt(graceHours == 0 ? ApiKey.earlier(end, now) : end));
            // Whatever this node's clock says, the new one is the newest.
            created = created.isAfter(old.created()) ? created : old.created().plusMillis(1);
        }
        secrets.add(secret(text, sealed, graceHours, created));
        ApiKey kept =
                KeyMerge.tidied(
                        key.with(
                                secrets,
                                sealed,
                                now.plus(LIFETIME),
                                key.revoked(),
                                key.requests(),
                                now));
        return new MintedKey(text, apiSecret, kept);
    }

    /// The same, made by a request with an `Idempotency-Key`.
    ///
    /// @param key as [KeyRequest#key()]
    /// @param request as [KeyRequest#request()]
    public MintedKey askedFor(String key, String request) {
        return new MintedKey(
                text,
                apiSecret,
                kept.withRequest(new KeyRequest(key, request, text.sha256(), kept.at())));
    }

    private static Secret secret(
            KeyText text, String sealed, @Nullable Integer graceHours, Instant created) {
        return new Secret(
                text.sha256(),
                text.shownPrefix(),
                text.lastFour(),
                created,
                sealed,
                null,
                graceHours,
                null);
    }

    /// Entries from before keys could be rotated have one signing secret, which will be the new text's.
    private static Secret withOwnApiSecret(ApiKey key, Secret secret, MasterKey master) {
        if (secret.apiSecret() != null) {
            return secret;
        }
        String sealed =
                seal(key.openApiSecret(secret, master), key.keyId(), secret.sha256(), master);
        return new Secret(
                secret.sha256(),
                secret.prefix(),
                secret.lastFour(),
                secret.created(),
                sealed,
                secret.firstUsed(),
                secret.graceHours(),
                secret.ends());
    }

    private static String seal(String apiSecret, KeyId id, String sha256, MasterKey master) {
        return master.sealSecret(apiSecret, ApiKey.apiSecretContext(id, sha256));
    }

    private static String apiSecret(SecureRandom random) {
        byte[] secret = new byte[API_SECRET_BYTES];
        random.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    @Override
    public String toString() {
        return "MintedKey[" + kept.keyId() + "]";
    }
}
