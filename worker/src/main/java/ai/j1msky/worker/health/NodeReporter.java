package ai.j1msky.worker.health;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the node's health every five seconds, and shows the same as gauges.
public final class NodeReporter implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(NodeReporter.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Subject subject;
    private final LogWriter writer;
    private final Clock clock;
    private final EntryCodec<NodeHealth> codec = new EntryCodec<>(Topics.NODES);
    private final Host host = new Host();
    private final Thread thread = Thread.ofPlatform().daemon().name("node-health").unstarted(this);
    private volatile @Nullable NodeHealth latest;
    private volatile boolean closing;

    /// Whose health it is.
    ///
    /// @param providers names of the providers it can call
    public record Subject(
            WorkerId worker,
            String version,
            int slots,
            IntSupplier slotsUsed,
            Supplier<WorkerState> state,
            List<String> providers) {}

    public NodeReporter(Subject subject, LogWriter writer, MeterRegistry registry, Clock clock) {
        this.subject = subject;
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
    }

    public void start() {
        thread.start();
    }

    public void close() throws InterruptedException {
        closing = true;
        thread.interrupt();
        thread.join(Duration.ofSeconds(1));
    }

    /// Writes the health as it is now, out of turn.
    public void reportNow() {
        HostReading reading = host.read();
        NodeHealth health =
                new NodeHealth(
                        subject.worker().node(),
                        subject.worker(),
                        subject.state().get().wireName(),
                        subject.version(),
                        reading.cpuTemp(),
                        reading.loadAverage(),
                        reading.memoryUsage(),
                        reading.uptimeSeconds(),
                        reading.diskFreeBytes(),
                        subject.slots(),
                        subject.slotsUsed().getAsInt(),
                        subject.providers(),
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

    @Override
    public void run() {
        while (!closing) {
            try {
                reportNow();
                TimeUnit.NANOSECONDS.sleep(EVERY.toNanos());
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException unreadable) {
                log.atWarn().setCause(unreadable).log("node health not read");
                closing = !pause();
            }
        }
    }

    private static boolean pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(EVERY.toNanos());
            return true;
        } catch (InterruptedException stopped) {
            return false;
        }
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
