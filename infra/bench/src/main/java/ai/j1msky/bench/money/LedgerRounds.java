package ai.j1msky.bench.money;

import ai.j1msky.bench.measure.RecordFeed;
import ai.j1msky.bench.process.Cleanup;
import ai.j1msky.bench.process.ProcFs;
import ai.j1msky.bench.report.Row;
import ai.j1msky.bench.report.Statistics;
import ai.j1msky.bench.stack.KafkaProcess;
import ai.j1msky.bench.stack.Product;
import ai.j1msky.bench.stack.ServiceProcess;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.topic.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/// Measures billing alone: on a Kafka of its own, with the product's command line, while the product rests. So the rate
/// is the most that one billing can bring on the ledger here, not what it gets beside a gateway and workers.
///
/// Each round begins with whole lives on the log and no billing, so each also has a JVM that has just started.
public final class LedgerRounds {

    private static final double MEGA = 1e6;
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final String OWNER = "j1msky_billing_owner ";
    private static final String OPEN_AGENTS = "j1msky_ledger_open_agents ";
    private static final double OF_COMPLETIONS = 2;

    private final MoneyEffort effort;
    private final Product product;
    private final Path directory;
    private final Cleanup cleanup;
    private int starts;

    /// @param directory for data and logs; removed by somebody else
    public LedgerRounds(MoneyEffort effort, Product product, Path directory, Cleanup cleanup) {
        this.effort = effort;
        this.product = product;
        this.directory = directory;
        this.cleanup = cleanup;
    }

    /// @param completions per second, from spawn to completed, of the product in this run
    public List<Row> measure(double completions) {
        KafkaProcess kafka = KafkaProcess.start(directory.resolve("kafka"), cleanup);
        LogClients clients = new LogClients(kafka.bootstrap(), "bench");
        try (Admin admin = clients.admin()) {
            TopicSetup.ensure(admin, Topics.ALL);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were made", interrupted);
        }
        try (RecordFeed feed = new RecordFeed(kafka.bootstrap())) {
            PlayedLives lives = new PlayedLives(feed);
            List<Double> rates = new ArrayList<>();
            List<Row> memory = List.of();
            for (int round = 0; round < effort.rounds(); round++) {
                lives.complete(effort.agents());
                try (LedgerWatch watch = new LedgerWatch(clients);
                        ServiceProcess billing = start(kafka)) {
                    long entries = (long) effort.agents() * PlayedLives.ENTRIES;
                    rates.add(watch.rateOf(entries) / PlayedLives.ENTRIES);
                    if (round == effort.rounds() - 1) {
                        memory = memory(billing, lives);
                    }
                }
            }
            List<Row> rows = new ArrayList<>();
            rows.add(
                    Row.of(
                                    "agents billing alone brings on the ledger",
                                    Statistics.median(rates),
                                    "/s")
                            .atLeastOf(
                                    rates.stream().map(rate -> rate / completions).toList(),
                                    OF_COMPLETIONS,
                                    "completed"));
            rows.addAll(memory);
            rows.add(again(kafka));
            return rows;
        }
    }

    /// What billing takes once all those are settled, and what open ones add.
    private List<Row> memory(ServiceProcess billing, PlayedLives lives) {
        double settled = billing.heapInUse() / MEGA;
        lives.leaveOpen(effort.open());
        billing.awaitMeter(OPEN_AGENTS, effort.open());
        double resident = ProcFs.residentBytes(billing.pid()) / MEGA;
        double open = billing.heapInUse() / MEGA;
        int ended = effort.agents() * effort.rounds();
        return List.of(
                Row.of(
                        "billing's heap in use, %,d agents settled".formatted(ended),
                        settled,
                        " MB"),
                Row.of("the same with %,d open agents more".formatted(effort.open()), open, " MB"),
                Row.of("billing's resident memory then", resident, " MB"));
    }

    /// How long it takes billing to start and to make all that again.
    private Row again(KafkaProcess kafka) {
        long start = System.nanoTime();
        try (ServiceProcess billing = start(kafka)) {
            billing.awaitMeter(OWNER, 1);
            double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
            billing.awaitMeter(OPEN_AGENTS, effort.open());
            return Row.of("billing started again with these until it works", seconds, " s");
        }
    }

    private ServiceProcess start(KafkaProcess kafka) {
        return cleanup.add(
                ServiceProcess.start(
                        "billing",
                        ProcFs.command(product.pidOf("billing")),
                        kafka.bootstrap(),
                        Map.of("J1MSKY_CONFIG", product.config().toString()),
                        directory.resolve("billing-" + starts++ + ".log")));
    }
}
