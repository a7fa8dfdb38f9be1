package ai.j1msky.gateway.request;

import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/// The `Idempotency-Key` header (IETF draft-ietf-httpapi-idempotency-key-header): one, of 1 to 255 printable ASCII
/// characters.
public final class IdempotencyKey {

    private static final String HEADER = "Idempotency-Key";
    private static final Pattern SHAPE = Pattern.compile("[\\x20-\\x7e]{1,255}");

    private IdempotencyKey() {}

    /// The key of a request; empty when it carries none, a problem when it carries something else.
    public static Optional<String> of(HttpHeaders headers) {
        List<String> values = headers.getOrEmpty(HEADER);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        String key = values.getFirst();
        if (values.size() > 1 || !SHAPE.matcher(key).matches() || key.isBlank()) {
            throw ProblemException.of(
                    Problem.MALFORMED,
                    "Idempotency-Key must be one header of 1 to 255 printable ASCII characters.");
        }
        return Optional.of(key);
    }

    /// What is kept instead of a key or a request: SHA-256 in hex.
    public static String digest(String text) {
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
