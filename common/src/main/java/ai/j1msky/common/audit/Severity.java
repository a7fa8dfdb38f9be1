package ai.j1msky.common.audit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How much an entry should worry its reader.
public enum Severity {
    INFO,
    WARNING,
    CRITICAL;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static Severity parse(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
