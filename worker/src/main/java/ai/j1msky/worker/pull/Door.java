package ai.j1msky.worker.pull;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Whether this worker takes work now: it does not while it drains, while Redis does not answer, or while too many
/// outcomes wait for the log.
final class Door {

    private final Slots slots;
    private final BooleanSupplier ready;
    private volatile boolean closed;

    Door(Slots slots, BooleanSupplier ready) {
        this.slots = slots;
        this.ready = ready;
    }

    /// Waits so long for so many free slots, neither fewer nor more.
    boolean isOpenFor(int least, int most, Duration patience) throws InterruptedException {
        if (closed) {
            return false;
        }
        if (!ready.getAsBoolean()) {
            TimeUnit.NANOSECONDS.sleep(patience.toNanos());
            return false;
        }
        return slots.awaitFree(least, most, patience) && !closed;
    }

    void close() {
        closed = true;
        slots.close();
    }

    boolean isClosed() {
        return closed;
    }
}
