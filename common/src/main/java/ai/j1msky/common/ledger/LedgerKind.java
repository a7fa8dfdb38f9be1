package ai.j1msky.common.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What happens to money. For each agent, what was held is charged, released and refunded until nothing is left of it.
public enum LedgerKind {
    /// Set aside when an agent is accepted: the most that it can cost.
    HELD,
    /// What it did cost.
    CHARGED,
    /// The rest of the hold of an agent that completed or failed.
    RELEASED,
    /// The rest of the hold of an agent that was cancelled.
    REFUNDED;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static LedgerKind parse(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
