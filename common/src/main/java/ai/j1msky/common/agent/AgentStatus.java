package ai.j1msky.common.agent;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// An agent's state on the wire. It moves from spawning over running to one of the three ends, never back.
public enum AgentStatus {
    SPAWNING,
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED;

    public boolean isTerminal() {
        return this != SPAWNING && this != RUNNING;
    }

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static AgentStatus parse(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
