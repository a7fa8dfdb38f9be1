package ai.j1msky.notifier;

import ai.j1msky.common.log.Position;
import ai.j1msky.common.webhook.DeliveryId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// All deliveries that have not ended: those that wait, by when they are due, and those that are being made. It only
/// remembers what the log has. Thread-safe.
final class DueQueue {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Pending> waiting =
            new PriorityQueue<>(
                    Comparator.comparing(Pending::due).thenComparingLong(Pending::sequence));
    private final Map<DeliveryId, Position> places = new HashMap<>();

    void add(Collection<Pending> deliveries) {
        lock.lock();
        try {
            for (Pending delivery : deliveries) {
                waiting.add(delivery);
                places.put(delivery.id(), delivery.position());
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for one that is due, at most so long; null when there is none. It is out of the queue until it is added
    /// again.
    @Nullable Pending take(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                Pending first = waiting.peek();
                long wait =
                        first == null
                                ? left
                                : Duration.between(Instant.now(), first.due()).toNanos();
                if (first != null && wait <= 0) {
                    return waiting.remove();
                }
                if (left <= 0) {
                    return null;
                }
                long slept = Math.min(wait, left);
                left -= slept - changed.awaitNanos(slept);
            }
        } finally {
            lock.unlock();
        }
    }

    /// These have ended.
    void forget(Collection<DeliveryId> deliveries) {
        lock.lock();
        try {
            deliveries.forEach(places::remove);
        } finally {
            lock.unlock();
        }
    }

    boolean has(DeliveryId delivery) {
        lock.lock();
        try {
            return places.containsKey(delivery);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return places.size();
        } finally {
            lock.unlock();
        }
    }

    /// For each partition where the first of them stands; partitions without one are not there.
    Map<TopicPartition, Long> first() {
        lock.lock();
        try {
            Map<TopicPartition, Long> first = new HashMap<>();
            for (Position place : places.values()) {
                first.merge(
                        new TopicPartition(place.topic(), place.partition()),
                        place.offset(),
                        Math::min);
            }
            return first;
        } finally {
            lock.unlock();
        }
    }
}
