package ai.j1msky.gateway.spawn;

import ai.j1msky.common.agent.IdempotencyMark;
import ai.j1msky.gateway.request.IdempotencyKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// How a spawn request with an `Idempotency-Key` is remembered.
final class IdempotencyKeys {

    private IdempotencyKeys() {}

    /// The mark of a request, or null when it carries no key.
    static @Nullable IdempotencyMark of(
            HttpHeaders headers, String endpoint, SpawnRequest request) {
        String key = IdempotencyKey.of(headers).orElse(null);
        return key == null
                ? null
                : new IdempotencyMark(
                        digest(key), digest(key + "\n" + endpoint + "\n" + request.canonical()));
    }

    private static String digest(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
