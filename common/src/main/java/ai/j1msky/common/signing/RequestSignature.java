package ai.j1msky.common.signing;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The signature of a request, as `X-Signature` carries it.
///
///     signature = hex of HMAC-SHA256(api secret, message)
///     message   = timestamp LF method LF target LF body
///     timestamp = X-Timestamp, literally
///     target    = path ["?" query], as the request line has it
///     body      = the bytes as sent; nothing when there is none
///
/// Upper-case hex is read as well.
public final class RequestSignature {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;

    private final byte[] bytes;

    private RequestSignature(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Signs a request.
    ///
    /// @param apiSecret the text that came with the API key
    public static RequestSignature of(
            String apiSecret, String timestamp, String method, String target, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(apiSecret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            String head = timestamp + "\n" + method + "\n" + target + "\n";
            mac.update(head.getBytes(StandardCharsets.UTF_8));
            return new RequestSignature(mac.doFinal(body));
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("this JVM has no HMAC-SHA256", impossible);
        }
    }

    /// Reads 64 hex digits; empty when it is anything else.
    public static Optional<RequestSignature> parse(String hex) {
        if (hex.length() != 2 * BYTES || !hex.chars().allMatch(HexFormat::isHexDigit)) {
            return Optional.empty();
        }
        return Optional.of(new RequestSignature(HexFormat.of().parseHex(hex)));
    }

    /// Compares in a time that does not depend on where they differ.
    public boolean matches(RequestSignature other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    /// In lower case, whatever it was read from: one signature, one text.
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public String toString() {
        return "RequestSignature[redacted]";
    }
}
