package ai.j1msky.common.registry;

import ai.j1msky.common.log.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// How far a registry has read each partition of its topic, and who waits for it to get further. Thread-safe.
final class ReadPositions {

    private final Map<Integer, Long> next = new HashMap<>();
    private final Map<Integer, NavigableMap<Long, CompletableFuture<Void>>> waiting =
            new HashMap<>();

    /// Completes when the record at that position has been read.
    synchronized CompletableFuture<Void> reached(Position position) {
        if (next(position.partition()) > position.offset()) {
            return CompletableFuture.completedFuture(null);
        }
        return waiting.computeIfAbsent(position.partition(), partition -> new TreeMap<>())
                .computeIfAbsent(position.offset(), offset -> new CompletableFuture<>());
    }

    /// The offset of the record to read next; 0 before the first.
    synchronized long next(int partition) {
        return next.getOrDefault(partition, 0L);
    }

    /// Everything before that offset has been read.
    void advance(int partition, long offset) {
        // Completed outside the lock: what waits may call back.
        passed(partition, offset).forEach(waiter -> waiter.complete(null));
    }

    private synchronized List<CompletableFuture<Void>> passed(int partition, long offset) {
        next.put(partition, offset);
        NavigableMap<Long, CompletableFuture<Void>> waiters = waiting.get(partition);
        if (waiters == null) {
            return List.of();
        }
        NavigableMap<Long, CompletableFuture<Void>> done = waiters.headMap(offset, false);
        List<CompletableFuture<Void>> passed = new ArrayList<>(done.values());
        done.clear();
        return passed;
    }
}
