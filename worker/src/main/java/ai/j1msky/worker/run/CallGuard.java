package ai.j1msky.worker.run;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.money.Money;
import ai.j1msky.worker.outbox.Outbox;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Stops calls that overrun their time or were cancelled, and speaks for those whose provider does not react: the
/// owner's agent ends in time whatever a connection does.
public final class CallGuard implements AutoCloseable {

    /// A provider has this long to end a call itself.
    private static final Duration GRACE = Duration.ofMillis(1_200);

    private final ScheduledThreadPoolExecutor timer;
    private final Outbox outbox;
    private final Clock clock;

    public CallGuard(Outbox outbox, Clock clock) {
        this.outbox = outbox;
        this.clock = clock;
        this.timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("call-guard").factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /// Ends with the call.
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /// Watches a call's time.
    Watch watch(Run run, Duration timeout) {
        ScheduledFuture<?> overrun =
                timer.schedule(
                        () -> stop(run, Run.Stop.TIMED_OUT),
                        timeout.plus(GRACE).toMillis(),
                        TimeUnit.MILLISECONDS);
        return () -> overrun.cancel(false);
    }

    /// Stops a call and, when it has not ended soon after, says its end for it.
    void stop(Run run, Run.Stop why) {
        run.stop(why);
        ScheduledFuture<?> _ =
                timer.schedule(() -> speakFor(run), GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void speakFor(Run run) {
        if (run.settle()) {
            outbox.put(
                    run.stopped() == Run.Stop.TIMED_OUT
                            ? timedOut(run)
                            : run.cancelled(clock.instant()));
        }
    }

    private AgentEvent timedOut(Run run) {
        return new AgentEvent.AgentFailed(
                run.order().agentId(),
                run.order().accountId(),
                run.command().attempt(),
                run.worker(),
                FailureReason.TIMEOUT,
                run.usage(),
                Money.ZERO,
                clock.instant());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
