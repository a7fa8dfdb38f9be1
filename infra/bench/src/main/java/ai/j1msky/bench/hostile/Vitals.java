package ai.j1msky.bench.hostile;

import ai.j1msky.bench.process.ProcFs;
import ai.j1msky.bench.report.Statistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// What a process takes, sampled until closed.
public final class Vitals implements AutoCloseable {

    private final List<Sample> samples = new ArrayList<>();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("vitals").daemon().factory());

    /// What the process takes at one moment.
    public record Sample(double residentMegabytes, double threads, double descriptors) {

        public static Sample of(long pid) {
            return new Sample(
                    ProcFs.residentBytes(pid) / 1e6, ProcFs.threads(pid), ProcFs.descriptors(pid));
        }
    }

    public static Vitals every(Duration interval, long pid) {
        Vitals vitals = new Vitals();
        var _ =
                vitals.clock.scheduleAtFixedRate(
                        () -> vitals.add(Sample.of(pid)),
                        0,
                        interval.toNanos(),
                        TimeUnit.NANOSECONDS);
        return vitals;
    }

    private synchronized void add(Sample sample) {
        samples.add(sample);
    }

    /// The median of the last fifth of the samples beside that of the second: how much it grows, long after the start.
    public synchronized Trend trend(ToDoubleFunction<Sample> figure) {
        List<Double> values = samples.stream().map(figure::applyAsDouble).toList();
        int fifth = values.size() / 5;
        if (fifth == 0) {
            throw new IllegalStateException("too few samples of the process");
        }
        return new Trend(
                Statistics.median(values.subList(fifth, 2 * fifth)),
                Statistics.median(values.subList(values.size() - fifth, values.size())));
    }

    /// A figure early and late.
    public record Trend(double early, double late) {}

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
