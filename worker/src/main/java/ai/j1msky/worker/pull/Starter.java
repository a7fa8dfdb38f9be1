package ai.j1msky.worker.pull;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.LogWriter.NotSentException;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.worker.outbox.Outbox;
import ai.j1msky.worker.run.AttemptRunner;
import ai.j1msky.worker.run.Run;
import ai.j1msky.worker.run.RunningAgents;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts attempts that have a slot: claim, start on the log, run. Claims and starts of one poll go out together and
/// are awaited together, so that a batch costs little more than one.
final class Starter {

    private static final Logger log = LoggerFactory.getLogger(Starter.class);
    private static final Duration STARTED_WITHIN = Duration.ofSeconds(7);

    private final ClaimRounds rounds;
    private final Runs runs;
    private final RunningAgents running;
    private final AttemptRunner runner;
    private final Slots slots;
    private final LogWriter writer;
    private final Outbox outbox;
    private final Clock clock;
    private final EntryCodec<AgentEvent> codec = new EntryCodec<>(Topics.AGENT_EVENTS);

    /// Makes the run of a claimed command.
    interface Runs {
        Run of(Task task, WrappedKey key);
    }

    private record Pending(Task task, Run run, CompletableFuture<Position> acknowledged) {}

    Starter(
            ClaimRounds rounds,
            Runs runs,
            RunningAgents running,
            AttemptRunner runner,
            Slots slots,
            LogWriter writer,
            Outbox outbox,
            Clock clock) {
        this.rounds = rounds;
        this.runs = runs;
        this.running = running;
        this.runner = runner;
        this.slots = slots;
        this.writer = writer;
        this.outbox = outbox;
        this.clock = clock;
    }

    /// Starts what can be started and decides each task; a slot that is not used is given back.
    void start(List<Task> tasks) throws InterruptedException {
        List<Task> unlaunched = new ArrayList<>(tasks);
        try {
            rounds.claimAll(tasks, granted -> unlaunched.removeAll(startGranted(granted)));
        } finally {
            unlaunched.forEach(_ -> slots.release());
        }
    }

    /// The tasks that run now.
    private List<Task> startGranted(List<ClaimRounds.Granted> granted) throws InterruptedException {
        List<Pending> pending = new ArrayList<>(granted.size());
        for (ClaimRounds.Granted grant : granted) {
            Run run = runs.of(grant.task(), grant.claim().key());
            switch (running.enter(run)) {
                case ENTERED ->
                        pending.add(
                                new Pending(grant.task(), run, writer.append(codec, run.start())));
                case ALREADY, CANCELLED -> grant.task().decide(AcknowledgeType.ACCEPT);
            }
        }
        List<Task> launched = new ArrayList<>(pending.size());
        long deadline = System.nanoTime() + STARTED_WITHIN.toNanos();
        for (Pending start : pending) {
            if (isStarted(start, deadline)) {
                start.task().decide(AcknowledgeType.ACCEPT);
                launch(start.run());
                launched.add(start.task());
            }
        }
        return launched;
    }

    private void launch(Run run) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                runner.run(run);
                            } finally {
                                slots.release();
                            }
                        });
    }

    private boolean isStarted(Pending start, long deadline) throws InterruptedException {
        try {
            start.acknowledged().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException failed) {
            refuse(start, failed.getCause() instanceof NotSentException);
            return false;
        } catch (InterruptedException stopped) {
            refuse(start, false);
            throw stopped;
        }
    }

    private void refuse(Pending start, boolean certainlyNotSent) {
        running.withdraw(start.run());
        rounds.giveBack(start.task());
        start.task().decide(AcknowledgeType.RELEASE);
        if (!certainlyNotSent) {
            // It may be on the log or get there: then it must not look as if someone ran it.
            outbox.put(start.run().lost(clock.instant()));
        }
        log.atWarn()
                .addKeyValue("agentId", start.run().order().agentId())
                .addKeyValue("certainlyNotSent", certainlyNotSent)
                .log("start not acknowledged");
    }
}
