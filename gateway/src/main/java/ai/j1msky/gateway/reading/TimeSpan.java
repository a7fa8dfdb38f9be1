package ai.j1msky.gateway.reading;

import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.Query;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What lies between the query parameters `from` and `to`. Each is a time of RFC 3339 or a date (UTC); a date as `to`
/// includes that day.
///
/// @param from not before; null without a beginning
/// @param to before; null without an end
public record TimeSpan(@Nullable Instant from, @Nullable Instant to) {

    private static final int LONGEST_TEXT = 40;
    private static final int DATE_LENGTH = "2026-02-19".length();
    private static final Instant LAST = Instant.parse("+10000-01-01T00:00:00Z");

    public static TimeSpan of(Query query) {
        Instant from = time(query, "from", 0);
        Instant to = time(query, "to", 1);
        if (from != null && to != null && from.isAfter(to)) {
            throw ProblemException.of(Problem.MALFORMED, "from must not be after to.");
        }
        return new TimeSpan(from, to);
    }

    /// The time that the query parameter `since` tells; it must be there.
    public static Instant since(Query query) {
        Instant since = time(query, "since", 0);
        if (since == null) {
            throw ProblemException.of(Problem.MALFORMED, "since is missing.");
        }
        return since;
    }

    private static @Nullable Instant time(Query query, String name, int daysOn) {
        String text = query.text(name, LONGEST_TEXT).orElse(null);
        if (text == null) {
            return null;
        }
        try {
            Instant time =
                    text.length() == DATE_LENGTH
                            ? LocalDate.parse(text)
                                    .plusDays(daysOn)
                                    .atStartOfDay()
                                    .toInstant(ZoneOffset.UTC)
                            : OffsetDateTime.parse(text).toInstant();
            if (!time.isBefore(Instant.EPOCH) && !time.isAfter(LAST)) {
                return time;
            }
        } catch (DateTimeException noTime) {
            // As one that is out of range.
        }
        throw ProblemException.of(
                Problem.MALFORMED,
                name
                        + " must be a time such as 2026-02-19T14:30:00Z or a date such as 2026-02-19.");
    }

    public TimeSpan notBefore(Instant earliest) {
        return from == null || from.isBefore(earliest) ? new TimeSpan(earliest, to) : this;
    }

    public boolean has(Instant time) {
        return (from == null || !time.isBefore(from)) && (to == null || time.isBefore(to));
    }

    /// The stretch of the log in which everything of this time stands.
    ///
    /// @param early how long before the time it tells a record may have been stamped
    /// @param late how long after it
    public Stretch widened(TopicPartition partition, Duration early, Duration late) {
        return new Stretch(
                partition,
                from == null ? null : from.minus(early),
                to == null ? null : to.plus(late));
    }
}
