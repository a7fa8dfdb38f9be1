package ai.j1msky.worker.health;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Whether the worker takes work.
public enum WorkerState {
    UP,
    DRAINING;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
