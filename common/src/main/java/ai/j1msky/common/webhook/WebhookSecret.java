package ai.j1msky.common.webhook;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A secret that signs deliveries, as its owner has it: `whsec_` and base64 (Standard Webhooks), or any other text, whose
/// UTF-8 bytes are the key. It cannot be printed by accident.
public final class WebhookSecret {

    private static final String PREFIX = "whsec_";
    private static final int MINTED_BYTES = 32;
    private static final int LEAST_BYTES = 24;
    private static final int MOST_BYTES = 64;
    private static final int LEAST_CHARACTERS = 16;

    private final String text;

    /// @throws IllegalArgumentException when it is none ([#mistake])
    public WebhookSecret(String text) {
        mistake(text)
                .ifPresent(
                        wrong -> {
                            throw new IllegalArgumentException("the secret " + wrong);
                        });
        this.text = text;
    }

    /// The text of a new one.
    public static String mint(RandomGenerator random) {
        byte[] key = new byte[MINTED_BYTES];
        random.nextBytes(key);
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    /// What is wrong with a text that should be a secret, as the end of a sentence; empty when nothing is.
    public static Optional<String> mistake(String text) {
        if (!text.startsWith(PREFIX)) {
            return text.getBytes(StandardCharsets.UTF_8).length >= LEAST_CHARACTERS
                    ? Optional.empty()
                    : Optional.of("must have 16 bytes or more.");
        }
        try {
            int bytes = Base64.getDecoder().decode(text.substring(PREFIX.length())).length;
            return bytes >= LEAST_BYTES && bytes <= MOST_BYTES
                    ? Optional.empty()
                    : Optional.of("must be whsec_ and 24 to 64 bytes in base64.");
        } catch (IllegalArgumentException notBase64) {
            return Optional.of("must be whsec_ and 24 to 64 bytes in base64.");
        }
    }

    /// What signs.
    public byte[] key() {
        return text.startsWith(PREFIX)
                ? Base64.getDecoder().decode(text.substring(PREFIX.length()))
                : text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "WebhookSecret[redacted]";
    }
}
