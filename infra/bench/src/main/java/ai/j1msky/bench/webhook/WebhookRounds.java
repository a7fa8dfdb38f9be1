package ai.j1msky.bench.webhook;

import ai.j1msky.bench.measure.RecordFeed;
import ai.j1msky.bench.process.Cleanup;
import ai.j1msky.bench.process.ProcFs;
import ai.j1msky.bench.report.Row;
import ai.j1msky.bench.stack.KafkaProcess;
import ai.j1msky.bench.stack.Product;
import ai.j1msky.bench.stack.ServiceProcess;
import ai.j1msky.bench.webhook.ToldLives.Running;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;

/// Measures a notifier alone: on a Kafka of its own, with the product's command line, while the product rests. A thousand
/// endpoints are told of agents whose lives are played onto the log; one in a hundred of them never answers.
public final class WebhookRounds {

    private static final String CONFIG = "{\"webhooks\": {\"allowed_subnets\": [\"127.0.0.0/8\"]}}";
    private static final String OWNER = "j1msky_notifier_owner ";

    /// Each is told to all endpoints of its account.
    private static final int AGENTS_A_SECOND = 30;

    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SAMPLES = 6;
    private static final int BURST = 500;
    private static final int ALONE = 100;
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double MEGA = 1e6;

    private static final double LEAST_RATE = 500;
    private static final double LONGEST_P99_MILLIS = 2_000;
    private static final double LONGEST_P50_MILLIS = 25;
    private static final double FLAT = 1.25;

    private final Duration measured;
    private final Product product;
    private final Path directory;
    private final Cleanup cleanup;

    /// @param measured how long endpoints are told of agents at an even rate
    /// @param directory for data and logs; removed by somebody else
    public WebhookRounds(Duration measured, Product product, Path directory, Cleanup cleanup) {
        this.measured = measured;
        this.product = product;
        this.directory = directory;
        this.cleanup = cleanup;
    }

    public List<Row> measure() {
        KafkaProcess kafka = KafkaProcess.start(directory.resolve("kafka"), cleanup);
        try (Admin admin = new LogClients(kafka.bootstrap(), "bench").admin();
                RecordFeed feed = new RecordFeed(kafka.bootstrap());
                HookReceiver receiver = new HookReceiver()) {
            TopicSetup.ensure(admin, Topics.ALL);
            Path keyset = directory.resolve("master.keyset");
            MasterKey.create(keyset);
            ToldLives lives = new ToldLives(feed, MasterKey.load(keyset));
            lives.subscribe(receiver);
            ServiceProcess notifier = start(kafka, keyset);
            notifier.awaitMeter(OWNER, 1);
            say("warming up");
            evenly(lives, receiver, WARM_UP);
            List<Row> rows = new ArrayList<>(underLoad(lives, receiver, notifier));
            say("a burst, and agents one at a time");
            rows.add(burst(lives, receiver));
            rows.add(alone(lives, receiver));
            return rows;
        } catch (IOException unwritable) {
            throw new UncheckedIOException("the notifier's files cannot be written", unwritable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while webhooks were measured", interrupted);
        }
    }

    private ServiceProcess start(KafkaProcess kafka, Path keyset) throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), CONFIG);
        return cleanup.add(
                ServiceProcess.start(
                        "notifier",
                        ProcFs.command(product.pidOf("notifier")),
                        kafka.bootstrap(),
                        Map.of(
                                "J1MSKY_CONFIG",
                                config.toString(),
                                "J1MSKY_MASTER_KEYSET",
                                keyset.toString()),
                        directory.resolve("notifier.log")));
    }

    /// The rate that it keeps up with, how soon it tells, and whether it grows.
    private List<Row> underLoad(ToldLives lives, HookReceiver receiver, ServiceProcess notifier) {
        say("telling for %d s".formatted(measured.toSeconds()));
        CompletableFuture<Told> load =
                CompletableFuture.supplyAsync(
                        () -> evenly(lives, receiver, measured),
                        task -> Thread.ofPlatform().name("bench-lives").start(task));
        List<Row> memory = new ArrayList<>();
        double firstHalf = 0;
        double secondHalf = 0;
        for (int sample = 1; sample <= SAMPLES; sample++) {
            Duration part = measured.dividedBy(SAMPLES);
            LockSupport.parkNanos(part.toNanos());
            double heap = notifier.heapInUse() / MEGA;
            double resident = ProcFs.residentBytes(notifier.pid()) / MEGA;
            if (sample <= SAMPLES / 2) {
                firstHalf = Math.max(firstHalf, heap);
            } else {
                secondHalf = Math.max(secondHalf, heap);
            }
            String then = " after " + part.multipliedBy(sample).toSeconds() + " s";
            memory.add(Row.of("notifier's heap in use" + then, heap, " MB"));
            memory.add(Row.of("its resident memory" + then, resident, " MB"));
        }
        memory.add(
                Row.of("the most heap of the second half", secondHalf, " MB")
                        .atMostOf(List.of(secondHalf / firstHalf), FLAT, "the first"));
        Told told = load.join();
        List<Row> rows = new ArrayList<>();
        rows.add(
                Row.of(
                                "webhooks to %,d endpoints, 1 %% of them hanging"
                                        .formatted(ToldLives.ACCOUNTS * ToldLives.ENDPOINTS_EACH),
                                told.rate,
                                "/s")
                        .judged("≥ 500/s", told.rate >= LEAST_RATE));
        rows.add(
                told.latencies("completed → received meanwhile")
                        .judged("p99 < 2 s", told.tally.millisAt(99) < LONGEST_P99_MILLIS));
        rows.addAll(memory);
        return rows;
    }

    /// @param rate of deliveries, from the first completion to the last delivery
    private record Told(Tally tally, double rate) {
        Row latencies(String name) {
            return Row.quantiles(name, tally.millisAt(50), tally.millisAt(99));
        }
    }

    /// Agents complete at an even rate, each a second after its start.
    private static Told evenly(ToldLives lives, HookReceiver receiver, Duration time) {
        return paced(lives, receiver, (int) time.toSeconds() * AGENTS_A_SECOND, AGENTS_A_SECOND);
    }

    private static Told paced(ToldLives lives, HookReceiver receiver, int agents, int aSecond) {
        Tally tally = new Tally();
        receiver.count(tally);
        Deque<Running> running = new ArrayDeque<>();
        for (int i = 0; i < Math.min(agents, aSecond); i++) {
            running.add(lives.spawn());
        }
        lives.flush();
        long pause = TimeUnit.SECONDS.toNanos(1) / aSecond;
        long begun = System.nanoTime();
        int expected = 0;
        for (int i = 0; i < agents; i++) {
            LockSupport.parkNanos(begun + i * pause - System.nanoTime());
            Running next = running.remove();
            lives.complete(next, tally);
            expected += next.healthy();
            if (i + aSecond < agents) {
                running.add(lives.spawn());
            }
            lives.flush();
        }
        return awaited(tally, expected, begun);
    }

    /// How fast it tells of many that complete at once.
    private static Row burst(ToldLives lives, HookReceiver receiver) {
        Tally tally = new Tally();
        receiver.count(tally);
        List<Running> running = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            running.add(lives.spawn());
        }
        lives.flush();
        LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
        long begun = System.nanoTime();
        running.forEach(agent -> lives.complete(agent, tally));
        lives.flush();
        int expected = running.stream().mapToInt(Running::healthy).sum();
        Told told = awaited(tally, expected, begun);
        return Row.of("webhooks of a burst of %,d".formatted(expected), told.rate, "/s");
    }

    private static Row alone(ToldLives lives, HookReceiver receiver) {
        Told told = paced(lives, receiver, ALONE, 5);
        return told.latencies("completed → received, five agents a second")
                .judged("p50 ≤ 25 ms", told.tally.millisAt(50) <= LONGEST_P50_MILLIS);
    }

    private static Told awaited(Tally tally, int expected, long begun) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (tally.received() < expected) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "only %d of %d webhooks came".formatted(tally.received(), expected));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        double seconds = (System.nanoTime() - begun) / NANOS_PER_SECOND;
        return new Told(tally, expected / seconds);
    }

    private static void say(String step) {
        System.err.println("bench: " + step);
    }
}
