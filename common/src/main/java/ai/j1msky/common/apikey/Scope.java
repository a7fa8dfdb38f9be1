package ai.j1msky.common.apikey;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/// What a key may do.
public enum Scope {
    AGENTS_READ("agents:read"),
    AGENTS_WRITE("agents:write"),
    BILLING_READ("billing:read"),
    ADMIN("admin");

    private final String wireName;

    Scope(String wireName) {
        this.wireName = wireName;
    }

    @JsonValue
    public String wireName() {
        return wireName;
    }

    public static Optional<Scope> find(String wireName) {
        return Arrays.stream(values()).filter(s -> s.wireName.equals(wireName)).findFirst();
    }

    @JsonCreator
    static Scope parse(String wireName) {
        return find(wireName).orElseThrow(() -> new IllegalArgumentException("unknown scope"));
    }
}
