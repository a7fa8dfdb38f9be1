package ai.j1msky.worker.run;

import ai.j1msky.worker.outbox.Outbox;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends what runs when the worker stops: waits for it, and hands back what takes too long.
public final class HandBack {

    private static final Logger log = LoggerFactory.getLogger(HandBack.class);

    private final RunningAgents running;
    private final Outbox outbox;
    private final Clock clock;

    public HandBack(RunningAgents running, Outbox outbox, Clock clock) {
        this.running = running;
        this.outbox = outbox;
        this.clock = clock;
    }

    /// @param deadline in the time of [System#nanoTime], until which runs may finish
    public void drain(long deadline) throws InterruptedException {
        running.awaitNone(deadline);
        for (Run run : running.all()) {
            if (run.settle()) {
                run.stop(Run.Stop.ABANDONED);
                outbox.put(run.lost(clock.instant()));
                log.atInfo()
                        .addKeyValue("agentId", run.order().agentId())
                        .addKeyValue("attempt", run.command().attempt())
                        .log("attempt handed back");
            }
        }
    }
}
