package ai.j1msky.bench.money;

import ai.j1msky.bench.load.BlockingClient;
import ai.j1msky.bench.load.HttpRequest;
import ai.j1msky.bench.measure.AgentApi;
import ai.j1msky.bench.measure.Contender;
import ai.j1msky.bench.measure.RateRounds;
import ai.j1msky.bench.measure.RecordFeed;
import ai.j1msky.bench.measure.Series;
import ai.j1msky.bench.report.Row;
import ai.j1msky.bench.stack.Product;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.ledger.UsageCell;
import ai.j1msky.common.ledger.UsageTotal;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Measures the report of a month in which every key used every model of every provider every day, once with the figures
/// of few agents and once with those of many: the cells are the same 2,480. Figures reach Redis as always, through the
/// records that billing writes.
public final class UsageMonth {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FEW = 1_000;
    private static final int MANY = 1_000_000;
    private static final int DAYS = 31;
    private static final int MODELS = 4;
    private static final int PROVIDERS = 2;
    private static final int KEYS = 10;
    private static final int CELLS = DAYS * MODELS * PROVIDERS * KEYS;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final int COUNTED = 200;
    private static final double GROWTH = 1.10;

    /// One, and in the same time a few of what the gateway asks by itself.
    private static final double ONE_SCRIPT = 1.05;

    private final Product product;
    private final YearMonth month = lastLongMonth();
    private final HttpRequest request;

    public UsageMonth(Product product) {
        this.product = product;
        String query = "?from=" + month.atDay(1) + "&to=" + month.atDay(DAYS);
        this.request = HttpRequest.get("/api/billing/usage" + query, product.devKey());
    }

    /// @param agents to be read beside it
    public List<Row> measure(RateRounds rounds, AgentApi api, List<AgentId> agents) {
        try (RecordFeed feed = new RecordFeed(product.backends().kafkaBootstrap())) {
            write(feed, FEW);
            List<Series> series =
                    rounds.measure(
                            List.of(
                                    api.reading(agents),
                                    reporting("1,000").between(() -> write(feed, FEW), () -> {}),
                                    reporting("1,000,000")
                                            .between(() -> write(feed, MANY), () -> {})));
            Series few = series.get(1);
            Series many = series.get(2);
            List<Row> rows = new ArrayList<>();
            rows.add(few.row().besides(few.ratiosTo(series.get(0)), "(beside GET agent)"));
            // Time is what is judged: the inverse of the rate of a closed loop.
            rows.add(many.row().atMostOf(few.ratiosTo(many), GROWTH, "its time of 1,000"));
            double scripts = scriptsPerRequest();
            rows.add(
                    Row.of("Redis scripts per such request", scripts, "")
                            .judged("1", scripts <= ONE_SCRIPT));
            return rows;
        }
    }

    private Contender reporting(String agents) {
        String name = "GET /api/billing/usage, month of %s agents".formatted(agents);
        return new Contender(name, product.gateway(), List.of(request));
    }

    private void write(RecordFeed feed, int agents) {
        EntryCodec<UsageTotal> codec = new EntryCodec<>(Topics.USAGE);
        for (int i = 0; i < CELLS; i++) {
            feed.send(codec, cell(i, agents / CELLS + (i < agents % CELLS ? 1 : 0)));
        }
        feed.flush();
        try (BlockingClient client = BlockingClient.connect(product.gateway())) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (reported(client) != agents) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("the usage did not come to be reported");
                }
                LockSupport.parkNanos(GLANCE.toNanos());
            }
        } catch (IOException broken) {
            throw new UncheckedIOException("the gateway did not answer", broken);
        }
    }

    private UsageCell cell(int number, long agents) {
        int key = number % KEYS;
        int provider = number / KEYS % PROVIDERS;
        int model = number / KEYS / PROVIDERS % MODELS;
        int day = number / KEYS / PROVIDERS / MODELS;
        return new UsageCell(
                AccountId.MAIN,
                month.atDay(1 + day),
                "model" + model,
                "provider" + provider,
                new KeyId("key_bench" + key),
                Money.micros(1_002 * agents),
                agents,
                new Usage(120 * agents, 310 * agents),
                Instant.EPOCH);
    }

    private long reported(BlockingClient client) throws IOException {
        BlockingClient.Answer answer = client.exchange(request);
        if (answer.status() != 200) {
            throw new IllegalStateException("usage was answered with " + answer.status());
        }
        return JSON.readTree(answer.body()).path("agents").asLong(0);
    }

    private double scriptsPerRequest() {
        try (RedisFigures redis = new RedisFigures(product.backends().redisPort());
                BlockingClient client = BlockingClient.connect(product.gateway())) {
            long before = redis.scripts();
            for (int i = 0; i < COUNTED; i++) {
                reported(client);
            }
            return (double) (redis.scripts() - before) / COUNTED;
        } catch (IOException broken) {
            throw new UncheckedIOException("the gateway did not answer", broken);
        }
    }

    /// The last month of 31 days that is over.
    private static YearMonth lastLongMonth() {
        YearMonth before = YearMonth.from(LocalDate.now(ZoneOffset.UTC)).minusMonths(1);
        return Stream.iterate(before, each -> each.minusMonths(1))
                .filter(each -> each.lengthOfMonth() == DAYS)
                .findFirst()
                .orElseThrow();
    }
}
