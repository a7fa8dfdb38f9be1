package ai.j1msky.infra.testkit;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What a [TcpProxy] does with bytes at the moment, shared by all its connections.
final class Traffic {

    enum Mode {
        FORWARD,
        PAUSE,
        DROP_RESPONSES,
        CLOSED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Mode mode = Mode.FORWARD;
    private Duration latency = Duration.ZERO;

    void become(Mode next) {
        lock.lock();
        try {
            mode = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void delayBy(Duration next) {
        lock.lock();
        try {
            latency = next;
        } finally {
            lock.unlock();
        }
    }

    /// Blocks while traffic is paused, then for the latency.
    ///
    /// @return the mode that now holds, never [Mode#PAUSE]
    Mode pass() throws InterruptedException {
        Duration delay;
        Mode now;
        lock.lock();
        try {
            while (mode == Mode.PAUSE) {
                changed.await();
            }
            now = mode;
            delay = latency;
        } finally {
            lock.unlock();
        }
        if (delay.isPositive()) {
            Thread.sleep(delay);
        }
        return now;
    }
}
