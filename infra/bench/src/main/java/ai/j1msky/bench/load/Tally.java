package ai.j1msky.bench.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Counts the answers of one load. Used by the generator's thread only.
final class Tally {

    private static final long LONGEST = TimeUnit.MINUTES.toNanos(2);
    private static final int HIGHEST_STATUS = 1000;

    private final long[] perStatus = new long[HIGHEST_STATUS];
    private final Histogram latencies = new Histogram(LONGEST, 3);
    private long broken;

    void answered(int status, long nanos) {
        perStatus[Math.floorMod(status, HIGHEST_STATUS)]++;
        latencies.recordValue(Math.min(Math.max(nanos, 0), LONGEST));
    }

    void broken() {
        broken++;
    }

    /// Forgets the answers of the warm-up, except that a connection broke: that is never expected.
    void reset() {
        Arrays.fill(perStatus, 0);
        latencies.reset();
    }

    LoadResult result(int expected, Duration elapsed) {
        Map<Integer, Long> answered = new HashMap<>();
        for (int status = 0; status < HIGHEST_STATUS; status++) {
            if (perStatus[status] > 0) {
                answered.put(status, perStatus[status]);
            }
        }
        return new LoadResult(expected, answered, broken, elapsed, latencies);
    }
}
