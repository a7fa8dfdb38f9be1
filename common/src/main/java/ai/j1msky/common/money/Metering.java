package ai.j1msky.common.money;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How the usage of a model call came to be known.
public enum Metering {
    /// By the provider's own counts; also where nothing was called.
    REPORTED,
    /// The call ended before the provider had reported: what is missing is estimated.
    ESTIMATED,
    /// The answer was complete, or a count came, but a count was missing or could not be true: it is estimated.
    DOUBTFUL,
    /// The provider counted more than the output cap or the hold allow: the excess is not charged.
    CLAMPED;

    /// Whether the provider's accounts are to be looked at.
    public boolean isSuspect() {
        return this == DOUBTFUL || this == CLAMPED;
    }

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static Metering parse(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
