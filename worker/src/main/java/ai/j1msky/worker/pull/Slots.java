package ai.j1msky.worker.pull;

import ai.j1msky.common.agent.Priority;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The agents a worker may run at once, and who takes the next ones: while several priorities have agents, by weight.
/// Thread-safe.
public final class Slots {

    private static final long LOOK_AGAIN = Duration.ofMillis(2).toNanos();

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Priority, Deque<Waiter>> waiting = new EnumMap<>(Priority.class);
    private final List<Watch> watches = new ArrayList<>();
    private final WeightedTurns turns = new WeightedTurns();
    private final int total;
    private int free;
    private boolean closed;

    private static final class Waiter {
        private final int wanted;
        private final Condition granting;
        private int granted;

        Waiter(int wanted, Condition granting) {
            this.wanted = wanted;
            this.granting = granting;
        }
    }

    /// Somebody who looks at how many are free. Signalled only when that is what it waits for: slots come and go by
    /// the thousand, and every wake-up costs.
    private record Watch(Priority priority, int least, int most, Condition reached) {
        boolean sees(int free) {
            return free >= least && free <= most;
        }
    }

    public Slots(int total) {
        this.total = total;
        this.free = total;
    }

    public int total() {
        return total;
    }

    public int used() {
        lock.lock();
        try {
            return total - free;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until so many are free, neither fewer nor more, and it is the priority's turn to look for agents; false when
    /// the time passed or slots were closed. Then [#asked] says what it found.
    boolean awaitFree(Priority priority, int least, int most, Duration patience)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        lock.lockInterruptibly();
        try {
            Watch watch = new Watch(priority, least, most, lock.newCondition());
            watches.add(watch);
            turns.arrives(priority);
            try {
                long left = patience.toNanos();
                while (!isTurnOf(watch) && !closed && left > 0) {
                    // What others find out changes turns without a sign.
                    long look = watch.sees(free) ? Math.min(left, LOOK_AGAIN) : left;
                    long _ = watch.reached().awaitNanos(look);
                    left = deadline - System.nanoTime();
                }
                boolean isTurn = isTurnOf(watch) && !closed;
                if (isTurn) {
                    turns.asks(priority, System.nanoTime());
                }
                return isTurn;
            } finally {
                watches.remove(watch);
                turns.leaves(priority);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isTurnOf(Watch watch) {
        return watch.sees(free) && turns.isTurnOf(watch.priority, System.nanoTime());
    }

    /// What came of a priority's turn.
    ///
    /// @param all whether it found as many agents as it could take
    void asked(Priority priority, boolean all) {
        lock.lock();
        try {
            turns.got(priority, all, System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /// Takes up to so many slots, at least one: whatever its turns give it, once there is one.
    ///
    /// @return how many; 0 when the time passed or slots were closed
    int acquire(Priority priority, int wanted, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        Waiter waiter = new Waiter(wanted, lock.newCondition());
        try {
            queueOf(priority).add(waiter);
            handOut();
            while (waiter.granted == 0 && !closed && left > 0) {
                left = waiter.granting.awaitNanos(left);
            }
            return waiter.granted;
        } catch (InterruptedException stopped) {
            free += waiter.granted;
            throw stopped;
        } finally {
            queueOf(priority).remove(waiter);
            lock.unlock();
        }
    }

    /// Gives one slot back.
    public void release() {
        lock.lock();
        try {
            free++;
            handOut();
        } finally {
            lock.unlock();
        }
    }

    /// Ends all waiting; nobody gets a slot any more.
    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.values().forEach(queue -> queue.forEach(waiter -> waiter.granting.signal()));
            watches.forEach(watch -> watch.reached().signal());
        } finally {
            lock.unlock();
        }
    }

    private void handOut() {
        while (free > 0 && !closed) {
            Optional<Priority> turn = turns.next(unserved());
            if (turn.isEmpty()) {
                break;
            }
            Deque<Waiter> queue = queueOf(turn.get());
            Waiter first = queue.element();
            turns.took(turn.get());
            first.granted++;
            first.granting.signal();
            free--;
            if (first.granted == first.wanted) {
                queue.remove();
            }
        }
        for (Watch watch : watches) {
            if (watch.sees(free)) {
                watch.reached().signal();
            }
        }
    }

    private Deque<Waiter> queueOf(Priority priority) {
        return waiting.computeIfAbsent(priority, _ -> new ArrayDeque<>());
    }

    private Set<Priority> unserved() {
        Set<Priority> unserved = EnumSet.noneOf(Priority.class);
        waiting.forEach(
                (priority, queue) -> {
                    if (!queue.isEmpty()) {
                        unserved.add(priority);
                    }
                });
        return unserved;
    }
}
