package ai.j1msky.bench;

import ai.j1msky.bench.measure.AgentApi;
import ai.j1msky.bench.measure.Effort;
import ai.j1msky.bench.measure.RateRounds;
import ai.j1msky.bench.money.HoldCost;
import ai.j1msky.bench.money.LedgerRounds;
import ai.j1msky.bench.money.MoneyEffort;
import ai.j1msky.bench.money.UsageMonth;
import ai.j1msky.bench.process.Calm;
import ai.j1msky.bench.process.Cleanup;
import ai.j1msky.bench.process.ScratchDirectory;
import ai.j1msky.bench.report.Row;
import ai.j1msky.bench.stack.Product;
import ai.j1msky.common.id.AgentId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Measures what money costs the product, beside what the same run has measured of it without.
final class MoneyBench {

    private static final Duration REST = Duration.ofSeconds(20);

    private final MoneyEffort money;
    private final Effort effort;

    MoneyBench(BenchOptions options) {
        this.money = options.brief() ? MoneyEffort.BRIEF : MoneyEffort.FULL;
        this.effort = options.effort();
    }

    /// @param completions per second, from spawn to completed
    /// @param agents that have completed
    List<Row> measure(Product product, double completions, List<AgentId> agents) {
        Calm calm = new Calm(List.copyOf(product.pids().values()));
        AgentApi api = new AgentApi(product.gateway(), product.devKey());
        say("spawning with and without holds");
        List<Row> rows = new ArrayList<>(new HoldCost(money, effort, calm, product).measure(api));
        say("asking what was used");
        rows.addAll(new UsageMonth(product).measure(new RateRounds(effort, calm), api, agents));
        say("billing alone");
        calm.await(REST);
        try (Cleanup ownCleanup = Cleanup.atExit()) {
            ScratchDirectory scratch = ownCleanup.add(ScratchDirectory.create());
            rows.addAll(
                    new LedgerRounds(money, product, scratch.path(), ownCleanup)
                            .measure(completions));
        }
        return rows;
    }

    private static void say(String step) {
        System.err.println("bench: " + step);
    }
}
