package ai.j1msky.bench.money;

import ai.j1msky.bench.load.LoadResult;
import ai.j1msky.bench.measure.AgentApi;
import ai.j1msky.bench.measure.Contender;
import ai.j1msky.bench.measure.Effort;
import ai.j1msky.bench.measure.Series;
import ai.j1msky.bench.process.Calm;
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
/// By turns, each time the other one first, and compared within a turn. Rates of a second or five differ by more than
/// what is looked for; how long Redis was busy with scripts differs by less, so that is shown, too.
public final class HoldCost {

    private static final Duration LONGEST_CALM = Duration.ofMinutes(2);
    private static final double OF_FREE = 0.95;
    private static final double MICROS = 1e6;

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

    /// One load, and what Redis did for it.
    ///
    /// @param scripts of all spawns in microseconds, the projection's part included
    private record Load(LoadResult result, long scripts) {
        double scriptsPerSpawn() {
            return (double) scripts / result.successes();
        }
    }

    public List<Row> measure(AgentApi api) {
        Contender free = api.spawningForNothing(product.adminKey());
        Contender held = api.spawningAtCost(product.adminKey());
        List<Load> frees = new ArrayList<>();
        List<Load> helds = new ArrayList<>();
        try (RedisScripts redis = new RedisScripts(product.backends().redisPort())) {
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

    private Load load(Contender spawns, RedisScripts redis) {
        calm.await(LONGEST_CALM);
        product.freezeWorkers();
        try {
            RedisScripts.Ran before = redis.ran();
            LoadResult result = spawns.run(effort);
            calm.await(LONGEST_CALM);
            return new Load(result, redis.ran().since(before).micros());
        } finally {
            product.resumeWorkers();
        }
    }

    private static List<Row> rows(List<Load> frees, List<Load> helds) {
        Series free = series("spawns that hold nothing (workers idle)", frees);
        Series held = series("spawns that hold dollars (workers idle)", helds);
        List<Double> shares = new ArrayList<>();
        List<Double> extras = new ArrayList<>();
        for (int i = 0; i < frees.size(); i++) {
            double extra = helds.get(i).scriptsPerSpawn() - frees.get(i).scriptsPerSpawn();
            extras.add(extra);
            shares.add(extra * frees.get(i).result.rate() / MICROS);
        }
        return List.of(
                free.row(),
                held.row().atLeastOf(held.ratiosTo(free), OF_FREE, "nothing held"),
                Row.of(
                                "Redis' time of a spawn, for what it holds",
                                Statistics.median(extras),
                                " µs")
                        .atMostOf(shares, 1 - OF_FREE, "time per spawn"));
    }

    private static Series series(String name, List<Load> loads) {
        return new Series(name, loads.stream().map(Load::result).toList());
    }
}
