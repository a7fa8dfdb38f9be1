package ai.j1msky.bench.webhook;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;

/// When agents of one stretch completed, and how long after that endpoints were told; each delivery counts once.
/// Thread-safe.
final class Tally {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<String, Long> completed = new ConcurrentHashMap<>();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final AtomicInteger received = new AtomicInteger();
    private final ConcurrentHistogram latencies = new ConcurrentHistogram(3);

    /// That agent completes now.
    void completes(String agent) {
        completed.put(agent, System.nanoTime());
    }

    /// A delivery has come.
    ///
    /// @param agent that it is about; of another stretch it does not count
    void take(String delivery, String agent) {
        long now = System.nanoTime();
        Long since = completed.get(agent);
        if (since != null && told.add(delivery)) {
            latencies.recordValue(now - since);
            received.incrementAndGet();
        }
    }

    int received() {
        return received.get();
    }

    double millisAt(double percentile) {
        return latencies.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }
}
