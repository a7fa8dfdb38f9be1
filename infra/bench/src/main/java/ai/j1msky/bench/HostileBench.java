package ai.j1msky.bench;

import ai.j1msky.bench.hostile.Bystanders;
import ai.j1msky.bench.hostile.Bystanders.Waits;
import ai.j1msky.bench.hostile.HostileCrowd;
import ai.j1msky.bench.hostile.Vitals;
import ai.j1msky.bench.hostile.Vitals.Sample;
import ai.j1msky.bench.measure.AgentApi;
import ai.j1msky.bench.process.Calm;
import ai.j1msky.bench.process.ChildJvm;
import ai.j1msky.bench.process.Cleanup;
import ai.j1msky.bench.report.Row;
import ai.j1msky.bench.stack.Product;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/// Measures what hostile clients do to well-behaved ones and to the gateway's process.
final class HostileBench {

    private static final Duration REST = Duration.ofSeconds(20);
    private static final Duration SAMPLE = Duration.ofMillis(500);
    private static final Duration LONGEST_QUIET = Duration.ofSeconds(60);
    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(90);
    private static final double SLOWDOWN = 2;
    private static final double GROWTH = 1.10;

    /// Connections of the bystanders, the projection's, and what a JVM opens now and then.
    private static final int LEFT = 16;

    private final Duration time;
    private final Cleanup cleanup;

    /// @param time how long to be hostile
    HostileBench(Duration time, Cleanup cleanup) {
        this.time = time;
        this.cleanup = cleanup;
    }

    /// Of a product that serves nobody else.
    List<Row> measure(Product product) {
        long pid = product.pidOf("gateway");
        Calm calm = new Calm(List.copyOf(product.pids().values()));
        AgentApi api = new AgentApi(product.gateway(), product.devKey());
        Bystanders bystanders = new Bystanders(product.gateway(), api.everyday());
        Duration quietTime = time.compareTo(LONGEST_QUIET) < 0 ? time : LONGEST_QUIET;
        say("serving well-behaved clients alone");
        bystanders.send(quietTime);
        Waits quiet = bystanders.send(quietTime);
        calm.await(REST);
        int before = (int) Sample.of(pid).descriptors();

        say("serving them among %d hostile ones".formatted(HostileCrowd.size()));
        Waits among;
        List<Row> rows = new ArrayList<>();
        try (ChildJvm _ = HostileCrowd.start(product.gateway(), product.devKeyFile(), cleanup);
                Vitals vitals = Vitals.every(SAMPLE, pid)) {
            among = bystanders.send(time);
            rows.add(waits("well-behaved clients alone", quiet));
            rows.add(
                    waits("well-behaved clients among hostile ones", among)
                            .atMostOf(
                                    List.of(among.p99Millis() / quiet.p99Millis()),
                                    SLOWDOWN,
                                    "alone, p99"));
            rows.add(flat("gateway's resident memory", " MB", vitals, Sample::residentMegabytes));
            rows.add(flat("gateway's threads", "", vitals, Sample::threads));
            rows.add(flat("gateway's open descriptors", "", vitals, Sample::descriptors));
        }
        int after = descriptorsLeft(pid, before + LEFT);
        rows.add(
                Row.of("descriptors once they have left", after, "")
                        .judged(
                                "≤ %d before + %d".formatted(before, LEFT),
                                after <= before + LEFT));
        return rows;
    }

    private static Row waits(String name, Waits waits) {
        return Row.of(name + ": answers", (double) waits.answers(), "")
                .withQuantiles(waits.p50Millis(), waits.p99Millis());
    }

    private static Row flat(
            String name, String unit, Vitals vitals, ToDoubleFunction<Sample> figure) {
        Vitals.Trend trend = vitals.trend(figure);
        return Row.of(name, trend.late(), unit)
                .atMostOf(List.of(trend.late() / trend.early()), GROWTH, "early on");
    }

    private static int descriptorsLeft(long pid, int awaited) {
        long end = System.nanoTime() + LONGEST_LEAVE.toNanos();
        int left = (int) Sample.of(pid).descriptors();
        while (left > awaited && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            left = (int) Sample.of(pid).descriptors();
        }
        return left;
    }

    private static void say(String step) {
        System.err.println("bench: " + step);
    }
}
