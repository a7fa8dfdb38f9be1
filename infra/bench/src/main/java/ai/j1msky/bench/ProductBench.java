package ai.j1msky.bench;

import ai.j1msky.bench.measure.AgentApi;
import ai.j1msky.bench.measure.AgentLives;
import ai.j1msky.bench.measure.Completions;
import ai.j1msky.bench.measure.Contender;
import ai.j1msky.bench.measure.Dispatches;
import ai.j1msky.bench.measure.Effort;
import ai.j1msky.bench.measure.EventFeed;
import ai.j1msky.bench.measure.RateRounds;
import ai.j1msky.bench.measure.Series;
import ai.j1msky.bench.process.Calm;
import ai.j1msky.bench.process.Cleanup;
import ai.j1msky.bench.process.ProcFs;
import ai.j1msky.bench.process.ScratchDirectory;
import ai.j1msky.bench.report.Row;
import ai.j1msky.bench.stack.FloorProcess;
import ai.j1msky.bench.stack.Product;
import ai.j1msky.bench.stack.RivalProcess;
import ai.j1msky.common.id.AgentId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Measures the product beside the floor.
///
/// Workers are frozen while spawning alone is measured; what was spawned then is run before the next round, so that no
/// row is burdened by another's backlog.
final class ProductBench {

    private static final Duration REST = Duration.ofSeconds(20);
    private static final double MEGA = 1e6;
    private static final double MEMORY_TARGET_MB = 1100;
    private static final double UP_TARGET_SECONDS = 25;
    private static final double START_P50_MILLIS = 5;
    private static final double START_P99_MILLIS = 20;
    private static final int AGENTS_READ = 16;
    private static final double OF_FLOOR = 0.55;

    private final BenchOptions options;
    private final Effort effort;
    private final Cleanup cleanup;

    ProductBench(BenchOptions options, Cleanup cleanup) {
        this.options = options;
        this.effort = options.effort();
        this.cleanup = cleanup;
    }

    List<Row> measure(Path directory) {
        if (!options.brief()) {
            buildOnce();
        }
        say("starting the product");
        Product product = cleanup.add(new Product(options.checkout(), directory));
        double upSeconds = (double) product.up().toMillis() / TimeUnit.SECONDS.toMillis(1);
        Collection<Long> services = product.pids().values();
        new Calm(List.copyOf(services)).await(REST);
        double restingMegabytes = megabytes(services);

        FloorProcess floor =
                FloorProcess.start(product.backends(), product.gatewayFlags(), cleanup);
        RivalProcess rival =
                RivalProcess.start(product.backends(), floor, product.gatewayFlags(), cleanup);
        List<Row> rows = new ArrayList<>(loads(product, floor, rival));
        rows.add(
                Row.of("memory of the stack at rest (PSS)", restingMegabytes, " MB")
                        .judged("≤ 1100 MB", restingMegabytes <= MEMORY_TARGET_MB));
        rows.add(Row.of("memory of the stack after the load (PSS)", megabytes(services), " MB"));
        rows.add(
                Row.of("up until ready", upSeconds, " s")
                        .judged("≤ 25 s", upSeconds <= UP_TARGET_SECONDS));
        if (options.hostile().isPositive()) {
            rows.addAll(new HostileBench(options.hostile(), cleanup).measure(product));
        }
        return rows;
    }

    private List<Row> loads(Product product, FloorProcess floor, RivalProcess rival) {
        List<Long> pids = new ArrayList<>(product.pids().values());
        pids.addAll(List.of(floor.pid(), rival.pid()));
        Calm calm = new Calm(pids);
        Floors floors = new Floors(floor.address());
        AgentApi api = new AgentApi(product.gateway(), product.devKey());
        AgentLives lives = new AgentLives();
        List<AgentId> completed;
        Row dispatched;
        Row completions;
        try (EventFeed _ = EventFeed.open(product.backends().kafkaBootstrap(), lives)) {
            say("spawning agents as fast as it goes");
            completions =
                    new Completions(effort, calm, lives).measure(api.spawning(), floors.second());
            say("spawning agents one at a time");
            calm.await(REST);
            Dispatches dispatches = new Dispatches(api, lives);
            dispatched = judged(dispatches.measure(effort.dispatches()));
            completed = dispatches.agents();
        }
        say("loading the gateway");
        Contender spawning =
                api.spawningAtCost(product.adminKey())
                        .between(product::freezeWorkers, product::resumeWorkers);
        List<AgentId> agents = completed.subList(0, Math.min(AGENTS_READ, completed.size()));
        List<Row> rows =
                new ArrayList<>(
                        rates(
                                new RateRounds(effort, calm),
                                floors,
                                Floors.rival(rival.address()),
                                api,
                                agents,
                                spawning));
        rows.add(completions);
        rows.add(dispatched);
        return rows;
    }

    private static List<Row> rates(
            RateRounds rounds,
            Floors floors,
            Contender rival,
            AgentApi api,
            List<AgentId> agents,
            Contender spawns) {
        List<Series> series =
                rounds.measure(
                        List.of(
                                floors.first(),
                                api.reading(agents),
                                api.refusedByKey(agents),
                                api.refusedByLimit(),
                                rival,
                                floors.second(),
                                spawns));
        Series first = series.get(0);
        Series reading = series.get(1);
        Series second = series.get(5);
        Series spawning = series.get(6);
        List<Row> rows = new ArrayList<>();
        rows.add(first.row());
        rows.add(reading.row().atLeastOf(reading.ratiosTo(first), OF_FLOOR, "floor 1"));
        for (Series refused : series.subList(2, 4)) {
            rows.add(refused.row().atLeastOf(refused.ratiosTo(reading), 1, "that GET"));
        }
        Series beaten = series.get(4);
        rows.add(beaten.row().atMostOf(beaten.ratiosTo(reading), 0.50, "that GET"));
        rows.add(second.row());
        rows.add(spawning.row().atLeastOf(spawning.ratiosTo(second), OF_FLOOR, "floor 2"));
        return rows;
    }

    /// The first `up` of a checkout builds; that is not the start that is measured.
    private void buildOnce() {
        say("starting the product once, so that it is built");
        try (Cleanup ownCleanup = Cleanup.atExit()) {
            ScratchDirectory scratch = ownCleanup.add(ScratchDirectory.create());
            ownCleanup.add(new Product(options.checkout(), scratch.path())).up();
        }
    }

    private static Row judged(Row row) {
        boolean met =
                row.p50Millis() != null
                        && row.p50Millis() <= START_P50_MILLIS
                        && row.p99Millis() != null
                        && row.p99Millis() <= START_P99_MILLIS;
        return row.judged("p50 ≤ 5, p99 ≤ 20", met);
    }

    private static double megabytes(Collection<Long> pids) {
        return pids.stream().mapToLong(ProcFs::pssBytes).sum() / MEGA;
    }

    private static void say(String step) {
        System.err.println("bench: " + step);
    }
}
