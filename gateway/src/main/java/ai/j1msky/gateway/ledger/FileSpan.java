package ai.j1msky.gateway.ledger;

import ai.j1msky.gateway.reading.TimeSpan;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// The time that a file is about, with a beginning and an end: a side that is not asked for is that of the current
/// month (UTC), or of the other side's month where that one lies beyond it.
record FileSpan(Instant from, Instant to) {

    static FileSpan of(TimeSpan asked, LocalDate today) {
        LocalDate first = asked.to() == null ? today : earlier(today, lastDay(asked.to()));
        LocalDate last = asked.from() == null ? today : later(today, day(asked.from()));
        return new FileSpan(
                asked.from() == null ? start(first.withDayOfMonth(1)) : asked.from(),
                asked.to() == null ? start(last.withDayOfMonth(1).plusMonths(1)) : asked.to());
    }

    TimeSpan span() {
        return new TimeSpan(from, to);
    }

    /// Its first and last day, for a file's name.
    String name() {
        return day(from) + "_" + later(day(from), lastDay(to));
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    /// Of a span that ends before that time.
    private static LocalDate lastDay(Instant end) {
        return day(end.minusNanos(1));
    }

    private static LocalDate earlier(LocalDate one, LocalDate other) {
        return one.isBefore(other) ? one : other;
    }

    private static LocalDate later(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }
}
