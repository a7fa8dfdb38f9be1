package ai.j1msky.worker.pull;

import ai.j1msky.common.agent.Priority;
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

    /// Waits so long for so many free slots, neither fewer nor more, and for the priority's turn.
    boolean isOpenFor(Priority priority, int least, int most, Duration patience)
            throws InterruptedException {
        if (closed) {
            return false;
        }
        if (!ready.getAsBoolean()) {
            TimeUnit.NANOSECONDS.sleep(patience.toNanos());
            return false;
        }
        return slots.awaitFree(priority, least, most, patience) && !closed;
    }

    /// What came of it.
    ///
    /// @param all whether the queue had as many agents as could be taken
    void asked(Priority priority, boolean all) {
        slots.asked(priority, all);
    }

    void close() {
        closed = true;
        slots.close();
    }

    boolean isClosed() {
        return closed;
    }
}
