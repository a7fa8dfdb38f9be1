package ai.j1msky.worker.health;

import ai.j1msky.common.host.HostReading;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether the machine is fit for new work. One that is hot or throttled takes none until it was cool for a while, one
/// that has no memory left none until it has some again; what runs is not disturbed. A decision without a clock: each
/// step is told the time. Not thread-safe.
///
/// A machine without a sensor is never hot. One whose sensor falls silent while it is hot cools like any other: what
/// cannot be read must not stop a node for good.
final class Fitness {

    static final double HOT = 75;
    static final double COOL = 68;

    /// Percent of the machine's memory in use.
    static final double FULL = 95;

    static final double ROOMY = 92;

    private final Duration coolFor;
    private boolean hot;
    private boolean full;
    private @Nullable Long coolSince;

    /// @param coolFor how long a machine that was hot must have been cool
    Fitness(Duration coolFor) {
        this.coolFor = coolFor;
    }

    /// @param nanos the time, as [System#nanoTime] tells it
    void see(HostReading reading, long nanos) {
        Double celsius = reading.cpuTemp();
        List<String> throttled = reading.throttled();
        boolean slowed = throttled != null && !throttled.isEmpty();
        if (slowed || (celsius != null && celsius >= HOT)) {
            hot = true;
            coolSince = null;
        } else if (hot) {
            boolean cool = celsius == null || celsius <= COOL;
            if (!cool) {
                coolSince = null;
            } else if (coolSince == null) {
                coolSince = nanos;
            }
            hot = coolSince == null || nanos - coolSince < coolFor.toNanos();
        }
        full = reading.memoryUsage() >= (full ? ROOMY : FULL);
    }

    boolean isHot() {
        return hot;
    }

    /// Whether there is too little memory for more.
    boolean isFull() {
        return full;
    }
}
