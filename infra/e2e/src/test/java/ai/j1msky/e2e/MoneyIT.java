package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.LedgerKind;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.e2e.BillingProcess.Recipe;
import ai.j1msky.e2e.MoneyCheck.Fates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// Whatever happens to billing, to Redis or to the log while agents of every fate come and go: afterwards all figures of
/// an account agree to the micro-dollar, with each other and with what the model server has sent.
@Order(6)
@ExtendWith(RunningProduct.class)
class MoneyIT {

    private static final int DEATHS_AT_WORK = 3;
    private static final int FLUSHES = 4;
    private static final int QUEUED = 3;
    private static final long SEED = 20_261_126;
    private static final Duration SKEW = Duration.ofHours(1);
    private static final Duration LONGEST_START = Duration.ofMillis(1_500);
    private static final Duration REBUILD = Duration.ofSeconds(30);
    private static final List<String> LIBRARY_DIRECTORIES =
            List.of("/usr/lib", "/usr/lib64", "/usr/local/lib");

    private final Product product;
    private final Client client;
    private final MoneyCheck money;

    MoneyIT(Product product) {
        this.product = product;
        this.client = product.newAccount("money");
        this.money = new MoneyCheck(product, client);
    }

    @Test
    void billingMayBeKilledAtAnyMoment() {
        // Given
        Recipe recipe = product.billing();
        Random random = new Random(SEED);
        int hits = 0;

        // When
        try (MoneyLoad load = new MoneyLoad(product, client)) {
            load.awaitMore(20);
            hits += isBehindAt(killOwn());
            for (int death = 0; death < DEATHS_AT_WORK; death++) {
                dieInTheStart(recipe, random);
                hits += isBehindAt(dieAtWork(recipe, load));
            }
            load.cancelQueued(QUEUED);
            product.restart("billing");
            load.awaitMore(10);

            // Then
            hasSeenAll(money.compare(load.stop(), load.cancels()));
        }
        System.out.printf(
                "%d of %d kills at work hit while agents were on the log and not on the ledger%n",
                hits, DEATHS_AT_WORK + 1);
        assertThat(hits).as("kills with agents not on the ledger yet").isPositive();
    }

    private Instant killOwn() {
        Instant killed = Instant.now();
        product.processes().kill("billing");
        return killed;
    }

    private static Instant dieAtWork(Recipe recipe, MoneyLoad load) {
        try (BillingProcess billing = BillingProcess.start(recipe, "billing", Map.of())) {
            billing.awaitWork();
            load.awaitMore(10);
            Instant killed = Instant.now();
            billing.kill();
            return killed;
        }
    }

    /// While it makes its books again, or before.
    private static void dieInTheStart(Recipe recipe, Random random) {
        try (BillingProcess billing = BillingProcess.start(recipe, "billing", Map.of())) {
            LockSupport.parkNanos(random.nextLong(LONGEST_START.toNanos()));
            billing.kill();
        }
    }

    @Test
    void ofTwoBillingsTheLivingOneWritesAndTheOneThatWasTakenForDeadDoesNot() {
        // Given
        Recipe recipe = product.billing();
        int hits;

        // When
        try (BillingProcess second =
                        BillingProcess.start(recipe, "billing-two", Map.of()).awaitFollowing();
                MoneyLoad load = new MoneyLoad(product, client)) {
            load.awaitMore(20);
            hits = isBehindAt(killOwn());
            second.awaitWork();
            try (BillingProcess first = BillingProcess.start(recipe, "billing", Map.of())) {
                first.awaitFollowing();
                // It is silent for so long that the other takes over, and then wants to go on.
                Instant frozen = Instant.now();
                second.freeze();
                load.cancelQueued(QUEUED);
                hits += isBehindAt(frozen);
                first.awaitWork();
                second.resume();
                load.awaitMore(10);
                second.kill();
                load.awaitMore(10);
            }
            product.restart("billing");
            load.awaitMore(10);

            // Then
            hasSeenAll(money.compare(load.stop(), load.cancels()));
        }
        System.out.printf(
                "2 take-overs; %d of 2 began while agents were on the log and not on the ledger%n",
                hits);
        assertThat(hits).as("owners that went with agents not on the ledger yet").isPositive();
    }

    @Test
    void recordsThatAreOnTheLogTwiceMoveNoMoneyTwice() throws Exception {
        // Given
        product.live().promised().forEach(product.live()::end);
        JsonNode others = figures(product.live());
        int whileRunning;
        int afterwards;

        // When
        try (MoneyLoad load = new MoneyLoad(product, client)) {
            load.awaitMore(40);
            whileRunning = repeatEverything();
            load.cancelQueued(QUEUED);
            load.awaitMore(20);
            List<Spent> spent = load.stop();
            money.compare(spent, load.cancels());
            // Now for one that has to learn from the ledger what was settled.
            product.processes().kill("billing");
            afterwards = repeatEverything();
            product.restart("billing");
            awaitNothingLeftToRead();

            // Then
            hasSeenAll(money.compare(spent, load.cancels()));
        }
        assertThat(figures(product.live())).isEqualTo(others);
        System.out.printf(
                "%d records twice while agents ran, %d after they had ended%n",
                whileRunning, afterwards);
        assertThat(whileRunning).isPositive();
        assertThat(afterwards).isGreaterThan(whileRunning);
    }

    @Test
    void whatWasShownAsChargedIsNeverShownAsLessWhenRedisForgets() {
        // Given
        AtomicBoolean enough = new AtomicBoolean();
        int noticed = 0;

        // When
        try (InParallel parallel = new InParallel();
                MoneyLoad load = new MoneyLoad(product, client)) {
            MoneyReader reader = new MoneyReader(client);
            CompletableFuture<Boolean> reading = parallel.start(() -> reader.readUntil(enough));
            try {
                load.awaitMore(30);
                for (int flush = 0; flush < FLUSHES; flush++) {
                    long refused = reader.refused();
                    long shown = reader.shown();
                    product.redis().flushAll();
                    Awaitility.await("figures again")
                            .atMost(REBUILD)
                            .until(() -> reader.shown() > shown + 3);
                    load.awaitMore(10);
                    noticed += reader.refused() > refused ? 1 : 0;
                }
                load.cancelQueued(QUEUED);
            } finally {
                enough.set(true);
            }
            assertThat(reading.join()).isTrue();

            // Then
            hasSeenAll(money.compare(load.stop(), load.cancels()));
            System.out.printf(
                    "%d of %d flushes were met by a reader, who saw %d figures%n",
                    noticed, FLUSHES, reader.shown());
        }
        assertThat(noticed).as("flushes that a reader was refused for").isPositive();
    }

    @Test
    void aClockOfBillingThatIsAnHourWrongMovesNoMoney() {
        // Given
        Recipe recipe = product.billing();
        String library = fakeTime();
        long ahead;
        long behind;

        // When
        try (MoneyLoad load = new MoneyLoad(product, client)) {
            load.awaitMore(10);
            product.processes().kill("billing");
            ahead = writtenBy(recipe, library, "+1h", load);
            load.cancelQueued(QUEUED);
            behind = writtenBy(recipe, library, "-1h", load);
            product.restart("billing");
            load.awaitMore(10);

            // Then
            hasSeenAll(money.compare(load.stop(), load.cancels()));
        }
        System.out.printf(
                "%d entries by a clock an hour ahead, %d by one an hour behind%n", ahead, behind);
        assertThat(ahead).as("entries of a billing that is ahead").isPositive();
        assertThat(behind).as("entries of a billing that is behind").isPositive();
    }

    /// Lets a billing work whose clock is wrong, and says how many entries it wrote.
    private long writtenBy(Recipe recipe, String library, String skew, MoneyLoad load) {
        Map<String, String> wrong =
                Map.of(
                        "LD_PRELOAD",
                        library,
                        "FAKETIME",
                        skew,
                        "FAKETIME_DONT_FAKE_MONOTONIC",
                        "1",
                        // With it, a wait for a time ends at once.
                        "FAKETIME_FORCE_MONOTONIC_FIX",
                        "0");
        Instant shown = Instant.now().plus(skew.startsWith("+") ? SKEW : SKEW.negated());
        long before = product.log().entries(Topics.LEDGER).size();
        try (BillingProcess billing = BillingProcess.start(recipe, "billing", wrong)) {
            billing.awaitWork();
            load.awaitMore(25);
            billing.kill();
            assertThat(billing.worksSince())
                    .as("what the clock shows")
                    .isBetween(shown.minusSeconds(1), shown.plus(SKEW.dividedBy(2)));
        }
        return product.log().entries(Topics.LEDGER).size() - before;
    }

    /// The library that gives one process a clock of its own.
    private static String fakeTime() {
        Optional<Path> library =
                LIBRARY_DIRECTORIES.stream()
                        .map(Path::of)
                        .filter(Files::isDirectory)
                        .flatMap(MoneyIT::faketimeDirectories)
                        .map(directory -> directory.resolve("libfaketimeMT.so.1"))
                        .filter(Files::exists)
                        .findFirst();
        assertThat(library)
                .as(
                        "libfaketime is not installed, and this test needs it: apt-get install faketime")
                .isPresent();
        return library.get().toString();
    }

    private static Stream<Path> faketimeDirectories(Path directory) {
        Path[] children =
                Optional.ofNullable(directory.toFile().listFiles()).stream()
                        .flatMap(Arrays::stream)
                        .map(file -> file.toPath().resolve("faketime"))
                        .toArray(Path[]::new);
        return Stream.concat(Stream.of(directory.resolve("faketime")), Arrays.stream(children));
    }

    private static void hasSeenAll(Fates fates) {
        System.out.println(fates);
        assertThat(fates.completed()).as("%s", fates).isPositive();
        assertThat(fates.failed()).as("%s", fates).isPositive();
        assertThat(fates.cancelledInCall()).as("%s", fates).isPositive();
        assertThat(fates.cancelledUnrun()).as("%s", fates).isGreaterThanOrEqualTo(QUEUED);
    }

    /// 1 when something stood on the log then that is not on the ledger, now that nobody writes it; else 0.
    private int isBehindAt(Instant killed) {
        LogAccess log = product.log();
        List<LedgerEntry> ledger = log.entries(Topics.LEDGER);
        Set<String> held = agents(ledger.stream().filter(e -> e.kind() == LedgerKind.HELD));
        Set<String> settled = agents(ledger.stream().filter(e -> e.kind() != LedgerKind.HELD));
        boolean orders =
                Arrays.stream(Priority.values())
                        .flatMap(queue -> log.entries(Topics.spawn(queue), killed).stream())
                        .filter(command -> command.order().livemode())
                        .anyMatch(command -> !held.contains(command.order().agentId().value()));
        boolean ends =
                log.entries(Topics.AGENT_EVENTS, killed).stream()
                        .filter(AgentEvent.Ending.class::isInstance)
                        .map(event -> event.agentId().value())
                        .anyMatch(agent -> held.contains(agent) && !settled.contains(agent));
        return orders || ends ? 1 : 0;
    }

    private static Set<String> agents(Stream<LedgerEntry> entries) {
        return entries.map(entry -> entry.agentId().value())
                .collect(Collectors.toCollection(HashSet::new));
    }

    private int repeatEverything() throws InterruptedException, ExecutionException {
        int repeated = product.log().repeat(Topics.AGENT_EVENTS);
        for (Priority queue : Priority.values()) {
            repeated += product.log().repeat(Topics.spawn(queue));
        }
        return repeated;
    }

    /// A record that comes after all others was read, so those were.
    private void awaitNothingLeftToRead() {
        Client other = product.newAccount("after");
        String id = other.spawn("k2p5", Scripted.of("tokens=5").task());
        long cost = other.end(id).cost();
        Awaitility.await("what came last to be billed")
                .atMost(REBUILD)
                .until(() -> other.get("/billing/usage"), MoneyIT.shows(cost));
    }

    private static Predicate<Answer> shows(long cost) {
        return answer ->
                answer.status() == 200 && Answer.micros(answer.body().get("total_cost")) == cost;
    }

    private static JsonNode figures(Client of) {
        return Client.patiently(() -> of.get("/billing/usage")).succeeded().body();
    }
}
