package ai.j1msky.common.signing;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The time of a signed request, as `X-Timestamp` carries it: ISO 8601 in its extended form, with `Z`, with an offset,
/// or with neither, which means UTC (Python's `datetime.utcnow().isoformat()` writes that).
public final class SignedTimestamp {

    /// How far from now it may be, in either direction.
    public static final Duration WINDOW = Duration.ofMinutes(5);

    private static final Pattern SHAPE =
            Pattern.compile(
                    "([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?)"
                            + "(Z|[+-][0-9]{2}:[0-9]{2})?");

    private SignedTimestamp() {}

    /// Reads a timestamp; empty when it is none.
    public static Optional<Instant> parse(String text) {
        Matcher parts = SHAPE.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            String offset = parts.group(2);
            return Optional.of(
                    LocalDateTime.parse(parts.group(1))
                            .toInstant(offset == null ? ZoneOffset.UTC : ZoneOffset.of(offset)));
        } catch (DateTimeException noSuchTime) {
            return Optional.empty();
        }
    }

    public static boolean isWithinWindow(Instant timestamp, Instant now) {
        return Duration.between(timestamp, now).abs().compareTo(WINDOW) <= 0;
    }
}
