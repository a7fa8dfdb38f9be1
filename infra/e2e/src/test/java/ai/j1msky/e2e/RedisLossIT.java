package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Redis may forget everything or fall silent: the product says so, lies to nobody, and is the same afterwards.
@Order(6)
@ExtendWith(RunningProduct.class)
class RedisLossIT {

    private static final Duration REBUILD = Duration.ofSeconds(30);
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(1);
    private static final int RUNNING = 6;
    private static final int READERS = 3;

    private final Product product;
    private final Client client;

    RedisLossIT(Product product) {
        this.product = product;
        this.client = product.live();
    }

    /// What readers were answered while something happened.
    private record Seen(List<Answer> agents, List<Answer> lists) {}

    @Test
    void aFlushUnderLoadIsAnswered503OrRightAndEverythingComesBack() {
        // Given
        List<String> running = spawnRunning();
        Map<String, JsonNode> before = client.dump();
        AtomicBoolean enough = new AtomicBoolean();

        // When
        List<Seen> seen;
        List<Answer> spawned;
        try (InParallel parallel = new InParallel()) {
            List<CompletableFuture<Seen>> readers =
                    parallel.start(READERS, reader -> read(before, reader, enough));
            CompletableFuture<List<Answer>> spawner = parallel.start(() -> spawn(enough));
            product.redis().flushAll();
            awaitReads();
            enough.set(true);
            seen = InParallel.all(readers);
            spawned = spawner.join();
        }

        // Then
        seen.forEach(one -> one.agents().forEach(answer -> isRightOr503(answer, before)));
        seen.forEach(one -> one.lists().forEach(answer -> hasAllOr503(answer, running)));
        assertThat(spawned).extracting(Answer::status).isSubsetOf(200, 503);
        assertThat(seen.stream().flatMap(one -> one.agents().stream()).map(Answer::status))
                .as("the flush was noticed while somebody read")
                .contains(503);
        Map<String, JsonNode> after = client.dump();
        assertThat(after).containsAllEntriesOf(before);
        assertThat(spawned.stream().filter(answer -> answer.status() == 200))
                .allSatisfy(a -> assertThat(ended(a.agentId())).isEqualTo("completed"));
        running.forEach(id -> client.cancel(id).succeeded());
    }

    @Test
    void aFrozenRedisMeans503WithinASecondAndCancelStillWorks() {
        // Given
        Scripted task = Scripted.of("delay=90s");
        String id = client.spawn("k2p5", task.task());
        product.awaitCall(task);
        client.running(id);

        // When
        List<Answer> answers = new ArrayList<>();
        long resumeAt = System.nanoTime() + SILENCE.toNanos();
        product.processes().freeze("redis");
        Answer cancelled = client.cancel(id);
        while (System.nanoTime() < resumeAt) {
            answers.add(client.agent(id));
            answers.add(client.get("/agents"));
            answers.add(client.spawn(Client.order("k2p5", "never taken")));
        }
        product.processes().resume("redis");
        awaitReads();

        // Then
        assertThat(cancelled.succeeded().body().get("success").asBoolean()).isTrue();
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(503))
                .allSatisfy(answer -> assertThat(answer.took()).isLessThan(LONGEST_ANSWER))
                .allSatisfy(
                        answer ->
                                assertThat(answer.body().at("/error/retry_after").asInt())
                                        .isPositive());
        assertThat(client.end(id).agentStatus()).isEqualTo("cancelled");
        assertThat(client.cancel(id).body()).isEqualTo(cancelled.body());
        assertThat(product.callsOf(task)).singleElement().matches(call -> call.closedByClient());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 20_000})
    void aRedisThatWasKilledAndLostItsLatestWritesComesBackWithTheSameAgents(int lostBytes)
            throws IOException {
        // Given
        List<String> running = spawnRunning();
        Map<String, JsonNode> before = client.dump();
        long charged = totalToday();
        Scripted ending = Scripted.of("delay=3s tokens=5");
        String endsMeanwhile = client.spawn("k2p5", ending.task());
        product.awaitCall(ending);

        // When
        product.processes().kill("redis");
        cutAppendOnlyFile(lostBytes);
        Awaitility.await("an agent to end without Redis")
                .until(() -> product.callsOf(ending).getFirst().finishedAt() != null);
        product.restart("redis");
        awaitReads();

        // Then
        Answer ended = client.end(endsMeanwhile);
        assertThat(ended.agentStatus()).isEqualTo("completed");
        Map<String, JsonNode> after = client.dump();
        assertThat(after).containsAllEntriesOf(before);
        Awaitility.await("billing to have read the end")
                .until(() -> totalToday() == charged + ended.cost());
        running.forEach(id -> client.cancel(id).succeeded());
    }

    /// As after a power cut before the last writes had reached the disk.
    private void cutAppendOnlyFile(int bytes) throws IOException {
        Path file = product.data().resolve("redis").resolve("appendonly.aof");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(channel.size()).isGreaterThan(bytes);
            channel.truncate(channel.size() - bytes);
        }
    }

    private List<String> spawnRunning() {
        List<String> running =
                IntStream.range(0, RUNNING)
                        .mapToObj(n -> client.spawn("k2p5", Scripted.of("delay=90s").task()))
                        .toList();
        running.forEach(client::running);
        return running;
    }

    /// Reads agents and the list in turn.
    private Seen read(Map<String, JsonNode> agents, int offset, AtomicBoolean enough) {
        List<String> ids = List.copyOf(agents.keySet());
        Seen seen = new Seen(new ArrayList<>(), new ArrayList<>());
        for (int next = offset; !enough.get(); next++) {
            seen.agents().add(client.agent(ids.get(next % ids.size())));
            seen.lists().add(client.get("/agents?limit=200"));
        }
        return seen;
    }

    private List<Answer> spawn(AtomicBoolean enough) {
        List<Answer> answers = new ArrayList<>();
        while (!enough.get()) {
            answers.add(
                    product.sandbox().spawn(Client.order("k2p5", "sandbox:echo during a flush")));
        }
        return answers;
    }

    private long totalToday() {
        return Answer.micros(client.get("/agents").body().get("total_cost_today"));
    }

    private void awaitReads() {
        Awaitility.await("reads to be answered again, and to stay so")
                .atMost(REBUILD)
                .pollInterval(Duration.ofMillis(100))
                .during(Duration.ofSeconds(2))
                .until(() -> client.get("/agents").status() == 200);
    }

    private static void isRightOr503(Answer answer, Map<String, JsonNode> before) {
        if (answer.status() != 503) {
            assertThat(answer.succeeded().body()).isEqualTo(before.get(answer.agentId()));
        }
    }

    private static void hasAllOr503(Answer answer, List<String> running) {
        if (answer.status() != 503) {
            JsonNode list = answer.succeeded().body();
            assertThat(list.get("count").asInt()).isGreaterThanOrEqualTo(running.size());
            assertThat(list.get("agents").values())
                    .extracting(row -> row.get("agent_id").asString())
                    .containsAll(running);
        }
    }

    private String ended(String id) {
        return product.sandbox().end(id).agentStatus();
    }
}
