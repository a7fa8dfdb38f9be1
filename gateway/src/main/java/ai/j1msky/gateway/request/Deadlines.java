package ai.j1msky.gateway.request;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/// The clock of time limits: `mono.timeout(patience, Deadlines.CLOCK)`.
///
/// Nearly every limit is called off long before it is reached, so setting one must cost next to nothing. A hashed wheel
/// takes it without waking a thread, as Reactor's own schedulers do for each; it is up to a tenth of a second late.
public final class Deadlines implements Scheduler {

    public static final Scheduler CLOCK = new Deadlines();

    private final HashedWheelTimer wheel =
            new HashedWheelTimer(new DefaultThreadFactory("deadlines", true));

    private Deadlines() {}

    @Override
    public Disposable schedule(Runnable late) {
        return schedule(late, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable late, long delay, TimeUnit unit) {
        Timeout timeout = wheel.newTimeout(_ -> late.run(), delay, unit);
        return timeout::cancel;
    }

    /// Not for work.
    @Override
    public Worker createWorker() {
        throw new RejectedExecutionException("only for time limits");
    }
}
