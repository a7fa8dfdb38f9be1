package ai.j1msky.common.agent;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Which queue an agent waits in, and that queue's share of a busy worker's free slots.
public enum Priority {
    HIGH(8),
    NORMAL(3),
    LOW(1);

    private final int weight;

    Priority(int weight) {
        this.weight = weight;
    }

    /// Slots this queue should get out of twelve while all three have waiting agents.
    public int weight() {
        return weight;
    }

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Priority> find(String wireName) {
        return Arrays.stream(values()).filter(p -> p.wireName().equals(wireName)).findFirst();
    }

    @JsonCreator
    static Priority parse(String wireName) {
        return find(wireName).orElseThrow(() -> new IllegalArgumentException("unknown priority"));
    }
}
