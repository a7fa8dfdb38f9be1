package ai.j1msky.bench.measure;

import java.time.Duration;

/// How long and how hard to measure.
///
/// @param connections keep-alive connections of every load
/// @param measured counted time of one load
/// @param warmUp uncounted time before it, on the same connections
/// @param rounds how often each load is measured; medians are reported
/// @param rehearsals rounds before these whose figures are thrown away: the JVMs are still compiling
/// @param dispatches agents spawned one at a time
public record Effort(
        int connections,
        Duration measured,
        Duration warmUp,
        int rounds,
        int rehearsals,
        int dispatches) {

    private static final Duration WARM_UP = Duration.ofSeconds(2);

    /// For figures worth keeping: about four minutes.
    public static Effort full(int connections, Duration measured) {
        return new Effort(connections, measured, WARM_UP, 3, 1, 400);
    }

    /// For proving that the bench runs; its figures say little.
    public static Effort brief(int connections, Duration measured) {
        return new Effort(connections, measured, WARM_UP.dividedBy(4), 1, 0, 40);
    }

    Effort withoutWarmUp() {
        return new Effort(connections, measured, Duration.ZERO, rounds, rehearsals, dispatches);
    }
}
