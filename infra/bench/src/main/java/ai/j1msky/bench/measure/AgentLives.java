package ai.j1msky.bench.measure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What the events say of the agents: how many have completed, and when the latest thousand were started.
///
/// An agent that fails or is cancelled fails the measurement: the waiting methods then throw.
public final class AgentLives implements EventFeed.Listener {

    private static final String STARTED = ".attempt-started.v1";
    private static final String COMPLETED = "agent.completed.v1";
    private static final String FAILED = "agent.failed.v1";
    private static final String CANCELLED = "agent.cancelled.v1";

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Long> startedAt = new LatestStarts();
    private long completed;
    private long lastCompletedAt;
    private long lost;

    @Override
    public void arrived(String type, String agentId, long nanoTime) {
        lock.lock();
        try {
            if (type.endsWith(STARTED)) {
                startedAt.putIfAbsent(agentId, nanoTime);
            } else if (type.endsWith(COMPLETED)) {
                completed++;
                lastCompletedAt = nanoTime;
            } else if (type.endsWith(FAILED) || type.endsWith(CANCELLED)) {
                lost++;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The number of agents completed so far.
    long completed() {
        lock.lock();
        try {
            return completed;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until so many agents have completed in all.
    ///
    /// @param patience how long to wait without any progress
    /// @return when the last of them completed, as [System#nanoTime]
    long awaitCompleted(long number, Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            long before = completed;
            while (completed < number) {
                requireNoneLost();
                if (completed > before) {
                    before = completed;
                    left = patience.toNanos();
                }
                left = waitOr(left, "only " + completed + " of " + number + " agents completed");
            }
            return lastCompletedAt;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until a worker has started this agent, and answers when its event arrived, as [System#nanoTime].
    long awaitStarted(String agentId, Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            @Nullable Long at = startedAt.get(agentId);
            while (at == null) {
                requireNoneLost();
                left = waitOr(left, "an agent was not started");
                at = startedAt.get(agentId);
            }
            return at;
        } finally {
            lock.unlock();
        }
    }

    private void requireNoneLost() {
        if (lost > 0) {
            throw new IllegalStateException(lost + " agents failed or were cancelled");
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the loops, and their conditions, are the callers'
    private long waitOr(long nanos, String complaint) {
        try {
            long left = changed.awaitNanos(nanos);
            if (left <= 0) {
                throw new IllegalStateException(complaint);
            }
            return left;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: " + complaint, interrupted);
        }
    }

    /// Forgets the oldest entry: only the agent spawned last is ever asked for.
    private static final class LatestStarts extends LinkedHashMap<String, Long> {

        private static final int MOST = 1000;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    }
}
