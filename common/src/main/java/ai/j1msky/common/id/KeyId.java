package ai.j1msky.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/// Names an API key in answers, logs and audit entries, for example `key_9h2k…`. It is not the secret.
public record KeyId(@JsonValue String value) {

    private static final int DIGEST_DIGITS = 20;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public KeyId {
        PrefixedText.require("key_", value);
    }

    public static KeyId mint(RandomGenerator random) {
        return new KeyId("key_" + PrefixedText.random(16, random));
    }

    /// The id that belongs to a digest, so that who asks for the same thing twice means one key.
    ///
    /// @param sha256 in hex; its first 80 bits count
    public static KeyId of(String sha256) {
        return new KeyId("key_" + sha256.substring(0, DIGEST_DIGITS));
    }

    @Override
    public String toString() {
        return value;
    }
}
