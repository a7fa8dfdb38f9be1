package ai.j1msky.gateway.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tells what was seen before, among the last so many. Thread-safe.
final class Recently {

    private final Map<String, Instant> seen;

    Recently(int size) {
        this.seen =
                new LinkedHashMap<>() {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                        return size() > size;
                    }
                };
    }

    synchronized boolean isNew(String name, Instant now) {
        return seen.putIfAbsent(name, now) == null;
    }

    /// As new again when it was first seen that long ago.
    synchronized boolean isNew(String name, Instant now, Duration again) {
        Instant first = seen.get(name);
        if (first != null && now.isBefore(first.plus(again))) {
            return false;
        }
        seen.remove(name);
        seen.put(name, now);
        return true;
    }
}
