package ai.j1msky.worker.pull;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.Deferral;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.LogWriter.NotSentException;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.worker.outbox.Outbox;
import ai.j1msky.worker.provider.Choice;
import ai.j1msky.worker.run.AttemptRunner;
import ai.j1msky.worker.run.Run;
import ai.j1msky.worker.run.RunningAgents;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
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
    private static final Duration LEAST_DEFERRAL = Duration.ofSeconds(1);

    /// Longer waits are looked at again now and then: a limit may have been raised meanwhile.
    private static final Duration LONGEST_DEFERRAL = Duration.ofMinutes(5);

    private final ClaimRounds rounds;
    private final Runs runs;
    private final WorkerId worker;
    private final RunningAgents running;
    private final AttemptRunner runner;
    private final Slots slots;
    private final LogWriter writer;
    private final Outbox outbox;
    private final Clock clock;
    private final EntryCodec<AgentEvent> codec = new EntryCodec<>(Topics.AGENT_EVENTS);

    /// Makes the run of a claimed command.
    interface Runs {
        Run of(ClaimRounds.Granted granted);
    }

    private record Pending(Task task, Run run, CompletableFuture<Position> acknowledged) {}

    Starter(
            ClaimRounds rounds,
            Runs runs,
            WorkerId worker,
            RunningAgents running,
            AttemptRunner runner,
            Slots slots,
            LogWriter writer,
            Outbox outbox,
            Clock clock) {
        this.rounds = rounds;
        this.runs = runs;
        this.worker = worker;
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
            rounds.claimAll(
                    tasks,
                    new ClaimRounds.Next() {
                        @Override
                        public void start(List<ClaimRounds.Granted> granted)
                                throws InterruptedException {
                            unlaunched.removeAll(startGranted(granted));
                        }

                        @Override
                        public void putOff(List<Task> blocked) throws InterruptedException {
                            defer(blocked);
                        }
                    });
        } finally {
            unlaunched.forEach(_ -> slots.release());
        }
    }

    /// The tasks that run now.
    private List<Task> startGranted(List<ClaimRounds.Granted> granted) throws InterruptedException {
        List<Pending> pending = new ArrayList<>(granted.size());
        for (ClaimRounds.Granted grant : granted) {
            Run run = runs.of(grant);
            switch (running.enter(run)) {
                case ENTERED ->
                        pending.add(
                                new Pending(grant.task(), run, writer.append(codec, run.start())));
                case ALREADY, CANCELLED -> {
                    run.leaveUnused();
                    grant.task().decide(AcknowledgeType.ACCEPT);
                }
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

    /// Says on the log that they wait, and lets the queue forget them: they are sent again.
    private void defer(List<Task> blocked) throws InterruptedException {
        List<CompletableFuture<Position>> told = new ArrayList<>(blocked.size());
        for (Task task : blocked) {
            told.add(writer.append(codec, deferral(task)));
        }
        long deadline = System.nanoTime() + STARTED_WITHIN.toNanos();
        for (int i = 0; i < told.size(); i++) {
            try {
                told.get(i).get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                blocked.get(i).decide(AcknowledgeType.ACCEPT);
            } catch (ExecutionException | TimeoutException notYet) {
                blocked.get(i).decide(AcknowledgeType.RELEASE);
            }
        }
    }

    private AgentEvent.AttemptDeferred deferral(Task task) {
        Choice.Blocked by = task.blocked();
        Deferral.Reason reason = by == null ? Deferral.Reason.PROVIDER_DOWN : by.reason();
        long wait = by == null ? LONGEST_DEFERRAL.toMillis() : by.delay().toMillis();
        long bounded = Math.clamp(wait, LEAST_DEFERRAL.toMillis(), LONGEST_DEFERRAL.toMillis());
        // Not all at the same moment.
        long jitter = ThreadLocalRandom.current().nextLong(bounded / 4 + 1);
        return new AgentEvent.AttemptDeferred(
                task.command().order().agentId(),
                task.command().order().accountId(),
                task.command().attempt(),
                worker,
                reason,
                bounded + jitter,
                clock.instant());
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
        start.run().leaveUnused();
        rounds.giveBack(start.task());
        if (certainlyNotSent) {
            start.task().decide(AcknowledgeType.RELEASE);
        } else {
            // It may be on the log: then it must not look as if someone ran it, and whoever began
            // the same attempt would call the model for nothing. Whether it is there is seen where
            // the log is folded, and from there the agent is sent again.
            outbox.put(start.run().lost(clock.instant()));
            start.task().decide(AcknowledgeType.ACCEPT);
        }
        log.atWarn()
                .addKeyValue("agentId", start.run().order().agentId())
                .addKeyValue("certainlyNotSent", certainlyNotSent)
                .log("start not acknowledged");
    }
}
