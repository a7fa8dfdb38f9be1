package ai.j1msky.bench.cluster;

import ai.j1msky.bench.measure.EventFeed;
import ai.j1msky.bench.process.ProcFs;
import ai.j1msky.bench.report.Row;
import ai.j1msky.bench.report.Statistics;
import ai.j1msky.bench.stack.Product;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Measures several workers on one machine: not how fast it is, but how evenly and in which order they take work. Model
/// calls are waits of the sandbox. How many workers take work is decided by draining the others.
public final class ClusterRows {

    /// How many workers the product has, and how many agents each runs at once.
    public static final int WORKERS = 4;

    public static final int SLOTS = 50;

    private static final String TASK = "sandbox:slow 200ms";
    private static final int CALLS_A_SECOND = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final double LINEAR = 0.90;
    private static final double FULL = 0.90;
    private static final double IDEAL = 1.15;
    private static final long SEED = 20_261_126;
    private static final int BACKLOG = 10_000;
    private static final int URGENT = 40;
    private static final int MANY = 1_000;
    private static final int FEW = 10;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Fleet fleet;
    private final Product product;

    /// @param product with so many workers of so many slots, and nothing else to do
    public ClusterRows(Product product) {
        this.product = product;
        this.fleet = new Fleet(product, WORKERS);
    }

    /// @param rows to which it adds what it has measured
    public void measure(List<Row> rows) {
        Starts starts = new Starts();
        try (EventFeed _ = EventFeed.open(product.backends().kafkaBootstrap(), starts)) {
            say("warming up");
            Throughput _ = throughput(WORKERS, 3, starts);
            say("agents of 200 ms on one, two and four workers");
            Throughput one = throughput(1, 8, starts);
            rows.add(one.row(1));
            for (int workers : List.of(2, WORKERS)) {
                rows.add(throughput(workers, 8, starts).row(workers, one));
            }
            say("agents of 2 to 40 s on four workers");
            rows.add(makespan(starts));
            say("urgent agents behind a backlog");
            rows.addAll(priorities(starts));
            say("two accounts");
            rows.addAll(accounts(starts));
        }
    }

    /// @param rate agents per second
    /// @param busy the part of the time in which the machine's cores were
    private record Throughput(double rate, double busy) {

        Row row(int workers) {
            String name =
                    "agents of 200 ms on %d worker%s of %d slots, cores %.0f %% busy"
                            .formatted(workers, workers == 1 ? "" : "s", SLOTS, 100 * busy);
            return Row.of(name, rate, "/s");
        }

        /// How it grows with workers, which says nothing once the cores they share are full.
        Row row(int workers, Throughput one) {
            List<Double> ratio = List.of(rate / (workers * one.rate));
            String of = workers + " times one";
            return busy < FULL
                    ? row(workers).atLeastOf(ratio, LINEAR, of)
                    : row(workers).besides(ratio, of + "; cores are full");
        }
    }

    /// A backlog that takes so many workers so many seconds at best.
    private Throughput throughput(int workers, int seconds, Starts starts) {
        int number = workers * SLOTS * seconds * CALLS_A_SECOND;
        fleet.rest();
        Set<String> agents = fleet.spawn(Collections.nCopies(number, TASK), "normal").keySet();
        ProcFs.Cores before = ProcFs.cores();
        long told = fleet.use(workers);
        long end = starts.awaitCompleted(agents, PATIENCE);
        double busy = ProcFs.cores().busySince(before);
        return new Throughput(number * NANOS_PER_SECOND / (end - told), busy);
    }

    private Row makespan(Starts starts) {
        Random random = new Random(SEED);
        List<String> tasks = new ArrayList<>();
        int longest = 0;
        for (int i = 0; i < WORKERS * SLOTS; i++) {
            int millis = 2_000 + random.nextInt(38_001);
            longest = Math.max(longest, millis);
            tasks.add("sandbox:slow " + millis + "ms");
        }
        fleet.use(WORKERS);
        long begun = System.nanoTime();
        long end = starts.awaitCompleted(fleet.spawn(tasks, "normal").keySet(), PATIENCE);
        double seconds = (end - begun) / NANOS_PER_SECOND;
        return Row.of(
                        "%d agents of 2 to 40 s on four workers".formatted(tasks.size()),
                        seconds,
                        " s")
                .atMostOf(
                        List.of(seconds * TimeUnit.SECONDS.toMillis(1) / longest),
                        IDEAL,
                        "the longest, which is ideal");
    }

    private List<Row> priorities(Starts starts) {
        fleet.rest();
        Map<String, Long> low = fleet.spawn(Collections.nCopies(BACKLOG, TASK), "low");
        fleet.use(1);
        List<Double> waits = new ArrayList<>();
        for (int i = 0; i < URGENT; i++) {
            pause();
            Map.Entry<String, Long> urgent =
                    fleet.spawn(List.of(TASK), "high").entrySet().iterator().next();
            long started = starts.awaitStarted(urgent.getKey(), PATIENCE);
            waits.add(Math.max(0, started - urgent.getValue()) / NANOS_PER_MILLI);
        }
        Collections.sort(waits);
        double longest = waits.getLast();
        Row overtakes =
                Row.quantiles(
                                "high behind %,d low: answered → started".formatted(BACKLOG),
                                Statistics.median(waits),
                                longest)
                        .judged("all within 1 s", longest <= TimeUnit.SECONDS.toMillis(1));
        Row shares = shares(starts, low);
        fleet.use(WORKERS);
        starts.awaitCompleted(low.keySet(), PATIENCE);
        return List.of(overtakes, shares);
    }

    /// A few agents of one account behind many of another's, then as many of both.
    private List<Row> accounts(Starts starts) {
        String other = fleet.keyOf("bench-other");
        fleet.rest();
        Map<String, Long> many = fleet.spawn(Collections.nCopies(MANY, TASK), "normal");
        fleet.use(1);
        Map<String, Long> few = fleet.spawn(Collections.nCopies(FEW, TASK), "normal", other);
        List<Double> waits = new ArrayList<>();
        few.forEach(
                (agent, answered) ->
                        waits.add(
                                Math.max(0, starts.awaitStarted(agent, PATIENCE) - answered)
                                        / NANOS_PER_MILLI));
        Collections.sort(waits);
        starts.awaitCompleted(many.keySet(), PATIENCE);
        double longest = waits.getLast();
        Row overtakes =
                Row.quantiles(
                                "%d of one account behind %,d of another: answered → started"
                                        .formatted(FEW, MANY),
                                Statistics.median(waits),
                                longest)
                        .judged("all within 1 s", longest <= TimeUnit.SECONDS.toMillis(1));

        fleet.rest();
        Map<String, String> groups = new HashMap<>();
        fleet.spawn(Collections.nCopies(MANY, TASK), "normal")
                .keySet()
                .forEach(agent -> groups.put(agent, "first"));
        fleet.spawn(Collections.nCopies(MANY, TASK), "normal", other)
                .keySet()
                .forEach(agent -> groups.put(agent, "second"));
        long told = fleet.use(1);
        starts.awaitCompleted(groups.keySet(), PATIENCE);
        Map<String, Integer> shares = starts.sharesSince(told, groups);
        int first = shares.getOrDefault("first", 0);
        int second = shares.getOrDefault("second", 0);
        double share = (double) second / (first + second);
        Row even =
                Row.of(
                                String.format(
                                        Locale.ROOT,
                                        "starts of two accounts with %,d each: %d and %d; the second's share",
                                        MANY,
                                        first,
                                        second),
                                100 * share,
                                " %")
                        .judged("45 to 55", share >= 0.45 && share <= 0.55);
        return List.of(overtakes, even);
    }

    /// While all three queues have agents, what part of the starts is each one's.
    private Row shares(Starts starts, Map<String, Long> low) {
        fleet.rest();
        Map<String, String> groups = new HashMap<>();
        low.keySet().forEach(agent -> groups.put(agent, "low"));
        for (String priority : List.of("high", "normal")) {
            fleet.spawn(Collections.nCopies(1_000, TASK), priority)
                    .keySet()
                    .forEach(agent -> groups.put(agent, priority));
        }
        long told = fleet.use(1);
        Set<String> high = new HashSet<>();
        groups.forEach(
                (agent, group) -> {
                    if (group.equals("high")) {
                        high.add(agent);
                    }
                });
        starts.awaitCompleted(high, PATIENCE);
        Map<String, Integer> shares = starts.sharesSince(told, groups);
        int all = shares.values().stream().mapToInt(Integer::intValue).sum();
        double lows = (double) shares.getOrDefault("low", 0) / all;
        return Row.of(
                        String.format(
                                Locale.ROOT,
                                "starts while all wait: high %d, normal %d, low %d; low's share",
                                shares.getOrDefault("high", 0),
                                shares.getOrDefault("normal", 0),
                                shares.getOrDefault("low", 0)),
                        100 * lows,
                        " %")
                .judged("> 0: never starved", lows > 0);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(150);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private static void say(String step) {
        System.err.println("bench: " + step);
    }
}
