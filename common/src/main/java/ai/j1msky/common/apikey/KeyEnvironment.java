package ai.j1msky.common.apikey;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a key is for; its name starts the key's text (`dev_sk_…`).
public enum KeyEnvironment {
    /// Runs on the built-in sandbox model, at no cost.
    DEV,
    STAGING,
    LIVE;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    String prefix() {
        return wireName() + "_sk_";
    }

    /// Whether agents of such a key call real models and cost money.
    public boolean isLive() {
        return this != DEV;
    }

    public static Optional<KeyEnvironment> find(String wireName) {
        return Arrays.stream(values()).filter(e -> e.wireName().equals(wireName)).findFirst();
    }

    @JsonCreator
    static KeyEnvironment parse(String wireName) {
        return find(wireName)
                .orElseThrow(() -> new IllegalArgumentException("unknown environment"));
    }
}
