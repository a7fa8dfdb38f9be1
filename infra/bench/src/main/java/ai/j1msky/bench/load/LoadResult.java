package ai.j1msky.bench.load;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/// What came back in the measured time.
///
/// Latencies are those of a closed loop: a server that stalls also slows the next request down, so the
/// quantiles say what these clients saw, not what an open stream of users would see.
///
/// @param expected the HTTP status that was asked for
/// @param answered answers per HTTP status
/// @param brokenConnections connections lost, refused or unreadable, in the warm-up too
/// @param elapsed the time in which the answers were counted
/// @param latencies nanoseconds from the first byte sent to the last byte read, answers of every status
public record LoadResult(
        int expected,
        Map<Integer, Long> answered,
        long brokenConnections,
        Duration elapsed,
        Histogram latencies) {

    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    public LoadResult {
        answered = Map.copyOf(answered);
    }

    /// The number of answers with the expected status.
    public long successes() {
        return answered.getOrDefault(expected, 0L);
    }

    /// Answers with the expected status per second.
    public double rate() {
        return successes() * NANOS_PER_SECOND / elapsed.toNanos();
    }

    public double p50Millis() {
        return latencies.getValueAtPercentile(50) / NANOS_PER_MILLI;
    }

    public double p99Millis() {
        return latencies.getValueAtPercentile(99) / NANOS_PER_MILLI;
    }

    /// This result, when every answer was the expected one and no connection broke.
    ///
    /// @param what names the load in the message
    /// @throws UnexpectedAnswersException otherwise: a rate of mixed answers would mean nothing
    public LoadResult orFail(String what) {
        boolean onlySuccess = answered.keySet().equals(Set.of(expected));
        if (onlySuccess && brokenConnections == 0) {
            return this;
        }
        String statuses =
                answered.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> entry.getValue() + " x " + entry.getKey())
                        .collect(Collectors.joining(", "));
        throw new UnexpectedAnswersException(
                what
                        + ": expected only "
                        + expected
                        + ", got "
                        + (statuses.isEmpty() ? "no answer" : statuses)
                        + "; broken connections: "
                        + brokenConnections);
    }
}
