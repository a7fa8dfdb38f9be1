package ai.j1msky.common.apikey;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.seal.MasterKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/// A new API key: what its owner is shown once, and what is kept.
///
/// @param text the key's text, to be shown once
/// @param apiSecret the signing secret, to be shown once
/// @param kept the registry's entry
public record MintedKey(KeyText text, String apiSecret, ApiKey kept) {

    /// Keys end after this long, so that they are rotated.
    public static final Duration LIFETIME = Duration.ofDays(90);

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
        KeyText text = KeyText.mint(environment, random);
        KeyId id = KeyId.mint(random);
        byte[] secret = new byte[API_SECRET_BYTES];
        random.nextBytes(secret);
        String apiSecret = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        ApiKey kept =
                new ApiKey(
                        id,
                        account,
                        name,
                        environment,
                        scopes,
                        List.of(
                                new ApiKey.Secret(
                                        text.sha256(), text.shownPrefix(), text.lastFour(), now)),
                        master.sealSecret(apiSecret, "api-secret\n" + id),
                        requireSignature,
                        now,
                        now.plus(LIFETIME),
                        null,
                        now);
        return new MintedKey(text, apiSecret, kept);
    }

    @Override
    public String toString() {
        return "MintedKey[" + kept.keyId() + "]";
    }
}
