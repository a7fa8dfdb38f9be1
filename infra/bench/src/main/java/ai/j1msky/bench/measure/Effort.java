package ai.j1msky.bench.measure;

import java.time.Duration;

/// How long and how hard to measure.
///
/// @param connections keep-alive connections of every load
/// @param measured counted time of one load
/// @param warmUp uncounted time before it, on the same connections
/// @param rounds how often each load is measured; medians are reported
/// @param rehearsal the longest load on each endpoint before the first round, of which nothing is kept: JVMs still
///     compile then
/// @param dispatches agents spawned one at a time
public record Effort(
        int connections,
        Duration measured,
        Duration warmUp,
        int rounds,
        Duration rehearsal,
        int dispatches) {

    /// For figures worth keeping: about a quarter of an hour.
    public static Effort full(int connections, Duration measured) {
        return new Effort(
                connections, measured, Duration.ofSeconds(2), 3, Duration.ofSeconds(90), 400);
    }

    /// For proving that the bench runs; its figures say little.
    public static Effort brief(int connections, Duration measured) {
        return new Effort(
                connections, measured, Duration.ofMillis(500), 1, Duration.ofSeconds(1), 40);
    }

    /// The same over fewer connections, for what is asked less often and takes longer; never over more.
    public Effort over(int fewer) {
        return new Effort(
                Math.min(connections, fewer), measured, warmUp, rounds, rehearsal, dispatches);
    }

    /// The same without the uncounted time: for what must count everything.
    public Effort withoutWarmUp() {
        return new Effort(connections, measured, Duration.ZERO, rounds, rehearsal, dispatches);
    }
}
