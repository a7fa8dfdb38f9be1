package ai.j1msky.bench;

import ai.j1msky.bench.cluster.ClusterRows;
import ai.j1msky.bench.measure.Effort;
import ai.j1msky.bench.process.Cleanup;
import ai.j1msky.bench.process.ScratchDirectory;
import ai.j1msky.bench.report.Report;
import ai.j1msky.bench.report.Row;
import ai.j1msky.bench.report.Table;
import ai.j1msky.bench.stack.Product;
import ai.j1msky.bench.webhook.WebhookRounds;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `j1msky bench`: starts the product and a floor, measures both by turns, prints a table, stops everything.
///
/// Exits with 0 when everything could be measured, whether or not the targets are met; with 1 when not; with 2 when
/// called wrongly.
public final class BenchMain {

    private BenchMain() {}

    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "bench-logback.xml");
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("bench: " + wrong.getMessage());
            System.err.println(BenchOptions.USAGE);
            return 2;
        }
        try (Cleanup cleanup = Cleanup.atExit()) {
            List<Row> rows = new ArrayList<>();
            try {
                measure(options, cleanup, rows);
                publish(options, rows);
                return 0;
            } catch (RuntimeException failed) {
                // What was measured until then took its time.
                System.out.println(Table.of(rows));
                if (!cleanup.isClosed()) {
                    System.err.println("bench: " + failed.getMessage());
                }
                return 1;
            }
        }
    }

    private static void measure(BenchOptions options, Cleanup cleanup, List<Row> rows) {
        if (options.floorsOnly()) {
            Path directory = cleanup.add(ScratchDirectory.create()).path();
            rows.addAll(new FloorsBench(options.effort(), cleanup).measure(directory));
        } else if (options.hostileOnly()) {
            Product product = started(options, cleanup);
            rows.addAll(new HostileBench(options.hostile(), cleanup).measure(product));
        } else if (options.clusterOnly()) {
            Path directory = cleanup.add(ScratchDirectory.create()).path();
            Product product = cleanup.add(new Product(options.checkout(), directory));
            product.up(ClusterRows.WORKERS, ClusterRows.SLOTS);
            new ClusterRows(product).measure(rows);
        } else if (options.webhooksOnly()) {
            Product product = started(options, cleanup);
            Path directory = cleanup.add(ScratchDirectory.create()).path();
            rows.addAll(
                    new WebhookRounds(options.webhooks(), product, directory, cleanup).measure());
        } else {
            if (!options.moneyOnly()) {
                measureSpeed(options, rows);
            }
            // On a product of its own: nothing of what was spawned before burdens it.
            new MoneyBench(options).measure(started(options, cleanup), rows);
        }
    }

    private static void measureSpeed(BenchOptions options, List<Row> rows) {
        try (Cleanup cleanup = Cleanup.atExit()) {
            Path directory = cleanup.add(ScratchDirectory.create()).path();
            rows.addAll(new ProductBench(options, cleanup).measure(directory));
        }
    }

    private static Product started(BenchOptions options, Cleanup cleanup) {
        Path directory = cleanup.add(ScratchDirectory.create()).path();
        Product product = cleanup.add(new Product(options.checkout(), directory));
        product.up();
        return product;
    }

    private static void publish(BenchOptions options, List<Row> rows) {
        Effort effort = options.effort();
        int cores = Runtime.getRuntime().availableProcessors();
        System.out.println(Table.of(rows));
        if (!options.hostileOnly() && !options.webhooksOnly()) {
            System.out.println();
            System.out.println(footnote(effort, cores));
        }
        if (options.json() != null) {
            Map<String, Object> setup =
                    Map.of(
                            "loop", options.webhooksOnly() ? "open" : "closed",
                            "connections", effort.connections(),
                            "seconds",
                                    options.webhooksOnly()
                                            ? options.webhooks().toSeconds()
                                            : effort.measured().toSeconds(),
                            "warm_up_millis", effort.warmUp().toMillis(),
                            "rounds", effort.rounds(),
                            "short", options.brief(),
                            "cores", cores,
                            "jdk", Runtime.version().toString());
            new Report(Instant.now(), setup, rows).writeJson(options.json());
        }
    }

    private static String footnote(Effort effort, int cores) {
        return """
        Closed loop: each of the %d connections sends its next request when it has the answer, so the
        quantiles are those of clients at full load. The product has all its checks on: addresses, keys,
        limits, agents at once, dollars, audit. Client, servers, Kafka and Redis share %d cores.
        Medians of %d round(s) of %d s."""
                .formatted(
                        effort.connections(),
                        cores,
                        effort.rounds(),
                        effort.measured().toSeconds());
    }
}
