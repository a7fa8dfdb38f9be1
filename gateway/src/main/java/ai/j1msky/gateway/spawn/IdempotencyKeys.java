package ai.j1msky.gateway.spawn;

import ai.j1msky.common.agent.IdempotencyMark;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// The `Idempotency-Key` header (IETF draft-ietf-httpapi-idempotency-key-header): one, of 1 to 255 printable ASCII
/// characters.
final class IdempotencyKeys {

    private static final String HEADER = "Idempotency-Key";
    private static final Pattern SHAPE = Pattern.compile("[\\x20-\\x7e]{1,255}");

    private IdempotencyKeys() {}

    /// The mark of a request, or null when it carries no key.
    static @Nullable IdempotencyMark of(
            HttpHeaders headers, String endpoint, SpawnRequest request) {
        List<String> values = headers.getOrEmpty(HEADER);
        if (values.isEmpty()) {
            return null;
        }
        String key = values.getFirst();
        if (values.size() > 1 || !SHAPE.matcher(key).matches() || key.isBlank()) {
            throw ProblemException.of(
                    Problem.MALFORMED,
                    "Idempotency-Key must be one header of 1 to 255 printable ASCII characters.");
        }
        return new IdempotencyMark(
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
