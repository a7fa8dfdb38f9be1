package ai.j1msky.worker.run;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.money.Money;
import ai.j1msky.worker.model.MeteredUsage;
import ai.j1msky.worker.outbox.Outbox;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Stops calls that overrun their time or were cancelled, and speaks for those whose provider does not react: the
/// owner's agent ends in time whatever a connection does.
public final class CallGuard implements AutoCloseable {

    /// A provider has this long to end a call itself.
    private static final Duration GRACE = Duration.ofMillis(1_200);

    /// How exactly time limits are kept.
    private static final long SWEEP_MILLIS = 50;

    private final Set<Overrun> calls = ConcurrentHashMap.newKeySet();
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
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(
                        this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// A call and when it is too late, as [System#nanoTime()] tells the time. An identity: one per call.
    private final class Overrun implements Watch {
        private final Run run;
        private final long at;

        Overrun(Run run, long at) {
            this.run = run;
            this.at = at;
        }

        @Override
        public void close() {
            calls.remove(this);
        }
    }

    /// Ends with the call.
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /// Watches a call's time. Calls are looked through now and then: a timer for each would wake a thread for each.
    Watch watch(Run run, Duration timeout) {
        Overrun call = new Overrun(run, System.nanoTime() + timeout.plus(GRACE).toNanos());
        calls.add(call);
        return call;
    }

    private void sweep() {
        long now = System.nanoTime();
        for (Overrun call : calls) {
            if (now - call.at > 0) {
                call.close();
                stop(call.run, Run.Stop.TIMED_OUT);
            }
        }
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
        MeteredUsage used = run.used();
        return new AgentEvent.AgentFailed(
                run.order().agentId(),
                run.order().accountId(),
                run.command().attempt(),
                run.worker(),
                FailureReason.TIMEOUT,
                used.usage(),
                used.metering(),
                Money.ZERO,
                clock.instant());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
