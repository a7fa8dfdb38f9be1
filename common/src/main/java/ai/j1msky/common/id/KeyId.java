package ai.j1msky.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/// Names an API key in answers, logs and audit entries, for example `key_9h2k…`. It is not the secret.
public record KeyId(@JsonValue String value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public KeyId {
        PrefixedText.require("key_", value);
    }

    public static KeyId mint(RandomGenerator random) {
        return new KeyId("key_" + PrefixedText.random(16, random));
    }

    @Override
    public String toString() {
        return value;
    }
}
