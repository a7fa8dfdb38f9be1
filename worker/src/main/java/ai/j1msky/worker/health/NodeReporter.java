package ai.j1msky.worker.health;

import ai.j1msky.common.host.Host;
import ai.j1msky.common.host.HostReading;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.node.NodeHealth;
import ai.j1msky.common.topic.Topics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the machine every two seconds, says whether it is fit for new work, and writes the node's health every few
/// seconds and whenever something else is to be said; the same as gauges. Takes the report away when the worker stops.
public final class NodeReporter implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(NodeReporter.class);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration REPORT = Duration.ofSeconds(5);
    private static final Duration GONE_WITHIN = Duration.ofSeconds(1);

    private final Subject subject;
    private final Host host;
    private final Fitness fitness;
    private final LogWriter writer;
    private final Clock clock;
    private final EntryCodec<NodeHealth> codec = new EntryCodec<>(Topics.NODES);
    private final Semaphore called = new Semaphore(0);
    private final Thread thread = Thread.ofPlatform().daemon().name("node-health").unstarted(this);
    private volatile @Nullable NodeHealth latest;
    private volatile boolean hot;
    private volatile boolean full;
    private volatile boolean closing;
    private long reportedAt;

    /// Whose health it is.
    ///
    /// @param draining whether it was told to take nothing more
    /// @param providers names of the providers it can call
    /// @param open those that it would call now
    public record Subject(
            WorkerId worker,
            String version,
            int slots,
            IntSupplier slotsUsed,
            BooleanSupplier draining,
            List<String> providers,
            Supplier<List<String>> open) {}

    /// @param coolFor how long a machine that was hot must have been cool before it takes work again
    public NodeReporter(
            Subject subject,
            Host host,
            Duration coolFor,
            LogWriter writer,
            MeterRegistry registry,
            Clock clock) {
        this.subject = subject;
        this.host = host;
        this.fitness = new Fitness(coolFor);
        this.writer = writer;
        this.clock = clock;
        gauge(registry, "j1msky.node.cpu.temperature", this::temperature);
        gauge(registry, "j1msky.node.load.average", NodeHealth::loadAverage);
        gauge(registry, "j1msky.node.memory.usage", NodeHealth::memoryUsage);
        gauge(registry, "j1msky.node.uptime", NodeHealth::uptimeSeconds);
        gauge(registry, "j1msky.node.disk.free", NodeHealth::diskFreeBytes);
        Gauge.builder("j1msky.node.slots", subject, Subject::slots).register(registry);
        Gauge.builder("j1msky.node.slots.used", subject, s -> s.slotsUsed().getAsInt())
                .register(registry);
        Gauge.builder("j1msky.node.taking", this, r -> r.notTaking() == null ? 1 : 0)
                .register(registry);
    }

    /// The first look is done before anything starts: a machine that is hot from the beginning takes nothing.
    public void start() {
        see(host.read());
        thread.start();
    }

    /// Says once more how it stands, soon.
    public void call() {
        called.release();
    }

    /// Why no new work is to be taken: `draining`, `hot` or `memory`; null while some is.
    public @Nullable String notTaking() {
        if (subject.draining().getAsBoolean()) {
            return "draining";
        }
        return hot ? "hot" : full ? "memory" : null;
    }

    /// Ends the reports, and takes the last one away.
    public void close() throws InterruptedException {
        closing = true;
        thread.interrupt();
        thread.join(Duration.ofSeconds(1));
        try {
            writer.delete(codec, subject.worker().node().value())
                    .get(GONE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException away) {
            // It is shown as lost for a day.
            log.atDebug().log("node's report not taken away");
        }
    }

    @Override
    public void run() {
        while (!closing) {
            try {
                look();
                boolean asked = called.tryAcquire(LOOK.toNanos(), TimeUnit.NANOSECONDS);
                if (asked) {
                    called.drainPermits();
                    reportedAt = 0;
                }
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private void look() {
        try {
            HostReading reading = host.read();
            String before = notTakingAsReported();
            see(reading);
            boolean due = reportedAt == 0 || System.nanoTime() - reportedAt >= REPORT.toNanos();
            if (due || !Objects.equals(before, notTaking())) {
                report(reading);
            }
        } catch (RuntimeException unreadable) {
            log.atWarn().setCause(unreadable).log("node health not read");
        }
    }

    private void see(HostReading reading) {
        boolean wasHot = hot;
        fitness.see(reading, System.nanoTime());
        hot = fitness.isHot();
        full = fitness.isFull();
        if (hot != wasHot) {
            log.atWarn()
                    .addKeyValue("hot", hot)
                    .addKeyValue("cpuTemp", reading.cpuTemp())
                    .addKeyValue("throttled", reading.throttled())
                    .log("machine's temperature changes what it takes");
        }
    }

    private @Nullable String notTakingAsReported() {
        NodeHealth reported = latest;
        return reported == null ? null : reported.notTaking();
    }

    private void report(HostReading reading) {
        reportedAt = System.nanoTime();
        String notTaking = notTaking();
        NodeHealth health =
                new NodeHealth(
                        subject.worker().node(),
                        subject.worker(),
                        notTaking == null || notTaking.equals("memory") ? "up" : notTaking,
                        notTaking,
                        subject.version(),
                        reading.cpuTemp(),
                        reading.throttled(),
                        reading.loadAverage(),
                        reading.memoryUsage(),
                        reading.uptimeSeconds(),
                        reading.diskFreeBytes(),
                        subject.slots(),
                        subject.slotsUsed().getAsInt(),
                        subject.providers(),
                        subject.open().get(),
                        clock.instant());
        latest = health;
        // The next report makes up for a lost one.
        CompletableFuture<Position> _ =
                writer.append(codec, health)
                        .whenComplete(
                                (_, failure) -> {
                                    if (failure != null) {
                                        log.atDebug().log("node health not written");
                                    }
                                });
    }

    private double temperature(NodeHealth health) {
        Double celsius = health.cpuTemp();
        return celsius == null ? Double.NaN : celsius;
    }

    private void gauge(MeterRegistry registry, String name, ToDoubleFunction<NodeHealth> value) {
        Gauge.builder(
                        name,
                        this,
                        reporter -> {
                            NodeHealth health = reporter.latest;
                            return health == null ? Double.NaN : value.applyAsDouble(health);
                        })
                .register(registry);
    }
}
