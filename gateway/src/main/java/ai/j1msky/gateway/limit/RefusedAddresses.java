package ai.j1msky.gateway.limit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Addresses that Redis refused lately and until when, so that the next refusals cost no network. Bounded: whoever has
/// many addresses only makes Redis be asked. Thread-safe.
final class RefusedAddresses {

    private static final int MOST = 10_000;

    /// By bucket, until when, as [System#nanoTime()] tells the time.
    private final Map<String, Long> until =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > MOST;
                }
            };

    synchronized void add(String bucket, long millis) {
        until.remove(bucket);
        until.put(bucket, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /// Whole seconds until Redis is asked again; 0 when it may be asked now.
    synchronized long secondsLeft(String bucket) {
        Long end = until.get(bucket);
        if (end == null) {
            return 0;
        }
        long left = end - System.nanoTime();
        if (left <= 0) {
            until.remove(bucket);
            return 0;
        }
        return TimeUnit.NANOSECONDS.toSeconds(left) + 1;
    }
}
