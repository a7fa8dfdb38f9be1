package ai.j1msky.bench.money;

import ai.j1msky.bench.load.LoadResult;
import ai.j1msky.bench.measure.AgentApi;
import ai.j1msky.bench.measure.Contender;
import ai.j1msky.bench.measure.Effort;
import ai.j1msky.bench.measure.Series;
import ai.j1msky.bench.process.Calm;
import ai.j1msky.bench.process.ProcFs;
import ai.j1msky.bench.report.Row;
import ai.j1msky.bench.report.Statistics;
import ai.j1msky.bench.stack.Product;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Measures what it costs to hold dollars: spawns of two models that differ in their price alone, which is nothing for
/// one of them. Key, provider, worker, limits are the same, so the difference is the dollars of the hour, the budgets,
/// what is set aside and given back, and billing, which writes the holds on the ledger and the balances into Redis
/// meanwhile, on the same cores.
///
/// By turns, each time the other one first, and compared within a turn. On a machine that others use, too, rates differ
/// by more than what is looked for; processor time differs by less, so that is shown: of all that the product runs, which
/// bounds the rate where cores are few, and of Redis' one thread, which bounds it where they are many.
public final class HoldCost {

    private static final Duration LONGEST_CALM = Duration.ofMinutes(2);
    private static final double EXTRA = 0.05;
    private static final double MICROS = 1e6;
    private static final double TICK_MICROS = 10_000;

    private final int pairs;
    private final Effort effort;
    private final Calm calm;
    private final Product product;

    /// @param calm of all that the product runs
    public HoldCost(MoneyEffort money, Effort effort, Calm calm, Product product) {
        this.pairs = money.pairs();
        this.effort = effort.withoutWarmUp();
        this.calm = calm;
        this.product = product;
    }

    /// One load, and what it took.
    ///
    /// @param productMicros processor time of all processes, until all was written
    /// @param billingMicros billing's part of it
    /// @param redisMicros of Redis' main thread
    private record Load(
            LoadResult result, double productMicros, double billingMicros, double redisMicros) {
        double product() {
            return productMicros / result.successes();
        }

        double billing() {
            return billingMicros / result.successes();
        }

        double redis() {
            return redisMicros / result.successes();
        }
    }

    public List<Row> measure(AgentApi api) {
        Contender free = api.spawningForNothing(product.adminKey());
        Contender held = api.spawningAtCost(product.adminKey());
        List<Load> frees = new ArrayList<>();
        List<Load> helds = new ArrayList<>();
        try (RedisFigures redis = new RedisFigures(product.backends().redisPort())) {
            redis.makeRoom();
            for (int pair = 0; pair < pairs; pair++) {
                if (pair % 2 == 0) {
                    frees.add(load(free, redis));
                    helds.add(load(held, redis));
                } else {
                    helds.add(load(held, redis));
                    frees.add(load(free, redis));
                }
            }
        }
        return rows(frees, helds);
    }

    private Load load(Contender spawns, RedisFigures redis) {
        calm.await(LONGEST_CALM);
        product.freezeWorkers();
        try {
            double redisBefore = redis.busyMicros();
            double before = processorMicros();
            double billingBefore = billingMicros();
            LoadResult result = spawns.run(effort);
            calm.await(LONGEST_CALM);
            return new Load(
                    result,
                    processorMicros() - before,
                    billingMicros() - billingBefore,
                    redis.busyMicros() - redisBefore);
        } finally {
            product.resumeWorkers();
        }
    }

    private double processorMicros() {
        return product.pids().values().stream().mapToLong(ProcFs::cpuTicks).sum() * TICK_MICROS;
    }

    private double billingMicros() {
        return ProcFs.cpuTicks(product.pidOf("billing")) * TICK_MICROS;
    }

    private static List<Row> rows(List<Load> frees, List<Load> helds) {
        Series free = series("spawns that hold nothing (workers idle)", frees);
        Series held = series("spawns that hold dollars (workers idle)", helds);
        List<Double> ofProduct = new ArrayList<>();
        List<Double> ofBilling = new ArrayList<>();
        List<Double> extras = new ArrayList<>();
        List<Double> ofRedis = new ArrayList<>();
        for (int i = 0; i < frees.size(); i++) {
            Load without = frees.get(i);
            Load with = helds.get(i);
            ofProduct.add(with.product() / without.product());
            ofBilling.add(with.billing() - without.billing());
            double extra = with.redis() - without.redis();
            extras.add(extra);
            ofRedis.add(extra * without.result.rate() / MICROS);
        }
        List<Double> took = helds.stream().map(Load::product).toList();
        return List.of(
                free.row(),
                held.row().atLeastOf(held.ratiosTo(free), 1 - EXTRA, "nothing held"),
                Row.of("processor time of such a spawn", Statistics.median(took), " µs")
                        .atMostOf(ofProduct, 1 + EXTRA, "nothing held"),
                Row.of("of it billing, for what is held", Statistics.median(ofBilling), " µs"),
                Row.of("of it Redis, for what is held", Statistics.median(extras), " µs")
                        .atMostOf(ofRedis, EXTRA, "time per spawn"));
    }

    private static Series series(String name, List<Load> loads) {
        return new Series(name, loads.stream().map(Load::result).toList());
    }
}
