package ai.j1msky.common.pii;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What is looked for. Where two overlap, the one that stands first here is found.
public enum PiiType {
    /// API keys, tokens, private keys.
    KEY,
    EMAIL,
    IBAN,
    /// Numbers of payment cards.
    CARD,
    /// IPv4 and IPv6 addresses.
    IP,
    PHONE;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static PiiType parse(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
