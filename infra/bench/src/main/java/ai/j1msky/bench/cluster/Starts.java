package ai.j1msky.bench.cluster;

import ai.j1msky.bench.measure.EventFeed;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// When agents started and completed, in the order in which their events arrived. Thread-safe.
final class Starts implements EventFeed.Listener {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Long> started = new LinkedHashMap<>();
    private final Set<String> completed = new HashSet<>();
    private long lastCompletedAt;

    @Override
    public void arrived(String type, String agentId, long nanoTime) {
        lock.lock();
        try {
            if (type.endsWith(".attempt-started.v1")) {
                started.putIfAbsent(agentId, nanoTime);
            } else if (type.endsWith("agent.completed.v1") && completed.add(agentId)) {
                lastCompletedAt = nanoTime;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until all of them have completed; answers when the last one did, as [System#nanoTime].
    long awaitCompleted(Set<String> agents, Duration patience) {
        await(() -> completed.containsAll(agents), patience, "not all agents completed");
        return lastCompletedAt;
    }

    /// When that agent was started.
    long awaitStarted(String agent, Duration patience) {
        await(() -> started.containsKey(agent), patience, "an agent was not started");
        lock.lock();
        try {
            return started.getOrDefault(agent, 0L);
        } finally {
            lock.unlock();
        }
    }

    /// Of the agents that were started from a time on, how many belong to each group, until one group has none left.
    ///
    /// @param groups by agent
    Map<String, Integer> sharesSince(long from, Map<String, String> groups) {
        lock.lock();
        try {
            Map<String, Integer> left = new HashMap<>();
            groups.values().forEach(group -> left.merge(group, 1, Integer::sum));
            Map<String, Integer> shares = new HashMap<>();
            for (Map.Entry<String, Long> start : started.entrySet()) {
                String group = groups.get(start.getKey());
                if (group == null) {
                    continue;
                }
                boolean isLast = left.merge(group, -1, Integer::sum) == 0;
                if (start.getValue() >= from) {
                    shares.merge(group, 1, Integer::sum);
                }
                if (isLast) {
                    break;
                }
            }
            return shares;
        } finally {
            lock.unlock();
        }
    }

    private interface Reached {
        boolean isTrue();
    }

    private void await(Reached reached, Duration patience, String complaint) {
        long end = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            while (!reached.isTrue()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new IllegalStateException(complaint);
                }
                boolean _ = changed.await(Math.min(left, 100_000_000), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(complaint, interrupted);
        } finally {
            lock.unlock();
        }
    }
}
