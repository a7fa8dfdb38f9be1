package ai.j1msky.worker.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `Retry-After` (RFC 9110, section 10.2.3): seconds or a date.
final class RetryAfter {

    /// No provider is left alone for longer than this, whatever it says.
    static final Duration LONGEST = Duration.ofHours(24);

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");
    private static final Pattern FAR_TOO_MANY_SECONDS = Pattern.compile("[0-9]{7,}");

    private RetryAfter() {}

    /// From zero to [#LONGEST], or null if the text is neither seconds nor a date.
    static @Nullable Duration parse(String text, Instant now) {
        String value = text.strip();
        if (SECONDS.matcher(value).matches()) {
            return bounded(Duration.ofSeconds(Long.parseLong(value)));
        }
        if (FAR_TOO_MANY_SECONDS.matcher(value).matches()) {
            return LONGEST;
        }
        try {
            Instant date =
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return bounded(Duration.between(now, date));
        } catch (DateTimeException neither) {
            return null;
        }
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
