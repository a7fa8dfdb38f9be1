package ai.j1msky.worker;

import ai.j1msky.common.host.Host;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.registry.Drains;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.worker.health.NodeReporter;
import ai.j1msky.worker.lease.Claims;
import ai.j1msky.worker.lease.WorkerLease;
import ai.j1msky.worker.outbox.Outbox;
import ai.j1msky.worker.pull.Launch;
import ai.j1msky.worker.pull.Pullers;
import ai.j1msky.worker.pull.Slots;
import ai.j1msky.worker.run.AttemptRunner;
import ai.j1msky.worker.run.CallGuard;
import ai.j1msky.worker.run.Calls;
import ai.j1msky.worker.run.EventTail;
import ai.j1msky.worker.run.HandBack;
import ai.j1msky.worker.run.RunMetrics;
import ai.j1msky.worker.run.RunningAgents;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One life of a worker: its parts put together, started in order and drained in order.
final class Worker {

    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final Duration DELIVERY = Duration.ofSeconds(5);
    private static final Duration FLUSHED_WITHIN = Duration.ofSeconds(2);
    private static final Duration PULLERS_WITHIN = Duration.ofSeconds(8);

    private final WorkerId id;
    private final Duration drainTime;
    private final Producer<byte[], byte[]> producer;
    private final Outbox outbox;
    private final CallGuard guard;
    private final EventTail tail;
    private final WorkerLease lease;
    private final Pullers pullers;
    private final HandBack handBack;
    private final NodeReporter reporter;
    private final Drains drains;
    private volatile boolean draining;

    /// @throws IOException when the spool directory cannot be used
    Worker(WorkerSettings settings, Surroundings with) throws IOException {
        id = WorkerId.mint(settings.nodeId(), new SecureRandom());
        drainTime = settings.worker().drainTime();
        producer = with.clients().producer(DELIVERY, writtenTopics());
        LogWriter writer = new LogWriter(producer, URI.create("/j1msky/worker/" + settings.node()));
        outbox = new Outbox(writer, settings.worker().spoolDir(), WorkerSettings.OUTBOX_LIMIT);
        guard = new CallGuard(outbox, with.clock());
        RunningAgents running = new RunningAgents();
        tail = new EventTail(with.clients(), running, guard);
        handBack = new HandBack(running, outbox, with.clock());
        Claims claims = new Claims(with.redis(), id);
        lease = new WorkerLease(with.redis(), claims, id);
        Slots slots = new Slots(settings.worker().slots());
        RunMetrics metrics = new RunMetrics(with.registry());
        Calls calls =
                new Calls(
                        with.providers(),
                        claims,
                        writer,
                        lease::isHeld,
                        guard,
                        metrics,
                        with.clock());
        AttemptRunner runner =
                new AttemptRunner(with.masterKey(), running, outbox, calls, metrics, with.clock());
        drains = new Drains(with.clients(), () -> drainsChanged());
        reporter =
                new NodeReporter(
                        new NodeReporter.Subject(
                                id,
                                with.version(),
                                slots.total(),
                                slots::used,
                                () -> draining || drains.isDrained(settings.nodeId()),
                                with.providers().names(),
                                with.providers()::open),
                        new Host(settings.worker().sensorFile()),
                        with.coolFor(),
                        writer,
                        with.registry(),
                        with.clock());
        pullers =
                new Pullers(
                        new Pullers.Parts(
                                with.clients(),
                                writer,
                                slots,
                                new Launch(id, claims, with.providers(), running, runner, outbox),
                                () ->
                                        lease.isHeld()
                                                && outbox.hasRoom()
                                                && drains.isReady()
                                                && reporter.notTaking() == null,
                                with.queueTime(),
                                with.clock()));
        Gauge.builder("j1msky.agents.running", running, RunningAgents::count)
                .register(with.registry());
        for (String provider : with.providers().names()) {
            Gauge.builder(
                            "j1msky.provider.open",
                            with.providers(),
                            table -> table.open().contains(provider) ? 1 : 0)
                    .tag("provider", provider)
                    .register(with.registry());
            Gauge.builder(
                            "j1msky.provider.budget.spent",
                            with.providers(),
                            table -> table.spent(provider))
                    .tag("provider", provider)
                    .register(with.registry());
        }
        Gauge.builder("j1msky.outbox.waiting", outbox, Outbox::waiting).register(with.registry());
    }

    private void drainsChanged() {
        NodeReporter told = reporter;
        if (told != null) {
            told.call();
        }
    }

    void start() {
        outbox.start();
        tail.start();
        lease.start();
        drains.start();
        reporter.start();
        pullers.start();
        log.atInfo().addKeyValue("worker", id).log("worker takes work");
    }

    /// Takes nothing more, lets agents finish for the drain time, hands the rest back, and goes.
    void drain() throws InterruptedException {
        long deadline = System.nanoTime() + drainTime.toNanos();
        draining = true;
        log.atInfo().addKeyValue("worker", id).log("worker drains");
        reporter.call();
        pullers.stop(PULLERS_WITHIN);
        handBack.drain(deadline);
        reporter.close();
        drains.close();
        outbox.close(FLUSHED_WITHIN);
        lease.end();
        tail.close();
        guard.close();
        producer.close(Duration.ofSeconds(1));
        log.atInfo().addKeyValue("worker", id).log("worker stopped");
    }

    private static List<String> writtenTopics() {
        return List.of(
                Topics.AGENT_EVENTS.name(),
                Topics.NODES.name(),
                Topics.SPAWN_HIGH.name(),
                Topics.SPAWN_NORMAL.name(),
                Topics.SPAWN_LOW.name(),
                Topics.SPAWN_HIGH.deadLetters(),
                Topics.SPAWN_NORMAL.deadLetters(),
                Topics.SPAWN_LOW.deadLetters());
    }
}
