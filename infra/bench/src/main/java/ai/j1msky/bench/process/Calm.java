package ai.j1msky.bench.process;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Waits until the stack has finished what the last load left to do, so that the next measurement starts even.
public final class Calm {

    private static final Duration SAMPLE = Duration.ofMillis(400);

    /// Of the 40 ticks that one core has in a sample.
    private static final long QUIET_TICKS = 6;

    private final List<Long> pids;

    public Calm(List<Long> pids) {
        this.pids = List.copyOf(pids);
    }

    /// Returns when all processes together use less than 15 % of one core, at the latest after the limit.
    ///
    /// @return how long that took
    public Duration await(Duration limit) {
        long start = System.nanoTime();
        long before = ticks();
        while (System.nanoTime() - start < limit.toNanos()) {
            LockSupport.parkNanos(SAMPLE.toNanos());
            long now = ticks();
            if (now - before < QUIET_TICKS) {
                break;
            }
            before = now;
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private long ticks() {
        return pids.stream().mapToLong(ProcFs::cpuTicks).sum();
    }
}
