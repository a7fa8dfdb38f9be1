package ai.j1msky.common.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/// The text of an API key, the secret itself. It cannot be printed by accident.
///
///     key      = env "_sk_" random check
///     env      = "dev" / "staging" / "live"
///     random   = 32 base62  ; 190 bits
///     check    = 6 base62   ; CRC-32 of everything before it, most significant digit first
///
/// The checksum lets a mistyped or made-up key be refused without looking it up.
public final class KeyText {

    private static final String BASE62 =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int RANDOM_LENGTH = 32;
    private static final int CHECK_LENGTH = 6;
    private static final int SHOWN = 4;

    private final String text;
    private final KeyEnvironment environment;

    private KeyText(String text, KeyEnvironment environment) {
        this.text = text;
        this.environment = environment;
    }

    /// @param random cryptographically strong
    public static KeyText mint(KeyEnvironment environment, RandomGenerator random) {
        StringBuilder text = new StringBuilder(environment.prefix());
        for (int i = 0; i < RANDOM_LENGTH; i++) {
            text.append(BASE62.charAt(random.nextInt(BASE62.length())));
        }
        text.append(checksum(text.toString()));
        return new KeyText(text.toString(), environment);
    }

    /// Reads a key; empty when it has another shape or a wrong checksum.
    public static Optional<KeyText> parse(String text) {
        for (KeyEnvironment environment : KeyEnvironment.values()) {
            int length = environment.prefix().length() + RANDOM_LENGTH + CHECK_LENGTH;
            if (text.length() == length && text.startsWith(environment.prefix())) {
                int checkAt = length - CHECK_LENGTH;
                boolean genuine =
                        text.substring(checkAt).equals(checksum(text.substring(0, checkAt)))
                                && isBase62(text, environment.prefix().length());
                return genuine ? Optional.of(new KeyText(text, environment)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isBase62(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (BASE62.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /// The secret itself, to be shown once.
    public String reveal() {
        return text;
    }

    public KeyEnvironment environment() {
        return environment;
    }

    /// What is kept instead of the key: SHA-256 in hex. The key is random, so no salt or stretching is needed.
    public String sha256() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// The start that may be shown, for example `live_sk_a1b2`.
    public String shownPrefix() {
        return text.substring(0, environment.prefix().length() + SHOWN);
    }

    /// The last four characters, which may be shown.
    public String lastFour() {
        return text.substring(text.length() - SHOWN);
    }

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        long rest = crc.getValue();
        char[] digits = new char[CHECK_LENGTH];
        for (int i = CHECK_LENGTH - 1; i >= 0; i--) {
            digits[i] = BASE62.charAt((int) (rest % BASE62.length()));
            rest /= BASE62.length();
        }
        return new String(digits);
    }

    @Override
    public String toString() {
        return "KeyText[redacted]";
    }
}
