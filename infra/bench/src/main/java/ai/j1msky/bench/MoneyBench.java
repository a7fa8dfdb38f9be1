package ai.j1msky.bench;

import ai.j1msky.bench.measure.AgentApi;
import ai.j1msky.bench.measure.AgentLives;
import ai.j1msky.bench.measure.Completions;
import ai.j1msky.bench.measure.Dispatches;
import ai.j1msky.bench.measure.Effort;
import ai.j1msky.bench.measure.EventFeed;
import ai.j1msky.bench.measure.RateRounds;
import ai.j1msky.bench.money.HoldCost;
import ai.j1msky.bench.money.LedgerRounds;
import ai.j1msky.bench.money.MoneyEffort;
import ai.j1msky.bench.money.UsageMonth;
import ai.j1msky.bench.process.Calm;
import ai.j1msky.bench.process.Cleanup;
import ai.j1msky.bench.process.ScratchDirectory;
import ai.j1msky.bench.report.Row;
import ai.j1msky.bench.report.Statistics;
import ai.j1msky.bench.stack.Product;
import ai.j1msky.common.id.AgentId;
import java.time.Duration;
import java.util.List;

/// Measures what money costs the product, beside what the product does without.
final class MoneyBench {

    private static final Duration REST = Duration.ofSeconds(20);
    private static final int AGENTS_READ = 16;

    /// A report reads thousands of figures, and no account asks for many at once.
    private static final int REPORTERS = 8;

    private final MoneyEffort money;
    private final Effort effort;

    MoneyBench(BenchOptions options) {
        this.money = options.brief() ? MoneyEffort.BRIEF : MoneyEffort.FULL;
        this.effort = options.effort();
    }

    /// @param rows to which it adds what it has measured
    void measure(Product product, List<Row> rows) {
        Calm calm = new Calm(List.copyOf(product.pids().values()));
        AgentApi api = new AgentApi(product.gateway(), product.devKey());
        AgentLives lives = new AgentLives();
        List<AgentId> completed;
        double completions;
        try (EventFeed _ = EventFeed.open(product.backends().kafkaBootstrap(), lives)) {
            say("spawning agents to their completion");
            completions =
                    Statistics.median(new Completions(effort, calm, lives).rates(api.spawning()));
            calm.await(REST);
            Dispatches dispatches = new Dispatches(api, lives);
            dispatches.measure(AGENTS_READ);
            completed = dispatches.agents();
        }
        say("spawning with and without holds");
        rows.addAll(new HoldCost(money, effort, calm, product).measure(api));
        say("asking what was used");
        RateRounds rounds = new RateRounds(effort.over(REPORTERS), calm);
        rows.addAll(new UsageMonth(product).measure(rounds, api, completed));
        say("billing alone");
        calm.await(REST);
        try (Cleanup ownCleanup = Cleanup.atExit()) {
            ScratchDirectory scratch = ownCleanup.add(ScratchDirectory.create());
            rows.addAll(
                    new LedgerRounds(money, product, scratch.path(), ownCleanup)
                            .measure(completions));
        }
    }

    private static void say(String step) {
        System.err.println("bench: " + step);
    }
}
