package ai.j1msky.gateway.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgency.Gateway;
import ai.j1msky.gateway.TestAgent;
import ai.j1msky.gateway.limit.RequestTokens;
import ai.j1msky.gateway.view.AgentViews;
import io.lettuce.core.RestoreArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// The projection against a real log and a real Redis: whatever happens to Redis, the views come back the same.
class ProjectionIT {

    private static final long SEED = 20261123;
    private static final String LARGE = "large text ".repeat(4_000);

    private TestAgency agency;
    private WorkerId worker;

    @BeforeEach
    void start() throws InterruptedException {
        agency = new TestAgency();
        worker = agency.worker(true);
    }

    @AfterEach
    void stop() {
        agency.close();
    }

    @Test
    void aFlushedOrOlderRedisAnswers503UntilItIsRebuiltTheSame() {
        // Given
        Gateway gateway = agency.gateway();
        Random random = new Random(SEED);
        List<TestAgent> agents = randomLog(random, 40);
        Map<String, byte[]> snapshot = save();
        agents.addAll(randomLog(random, 40));
        Map<String, Object> before = views();
        Map<String, String> answers = answers(gateway.api(), agents);

        // When
        agency.redis.commands().flushall();
        int refusedAfterFlush = readUntilRebuilt(gateway.api(), answers);
        Map<String, Object> afterFlush = views();
        restore(snapshot);
        int refusedAfterSnapshot = readUntilRebuilt(gateway.api(), answers);

        // Then
        assertThat(refusedAfterFlush).isPositive();
        assertThat(refusedAfterSnapshot).isPositive();
        assertThat(afterFlush).isEqualTo(before);
        assertThat(views()).isEqualTo(before);
        assertThat(answers(gateway.api(), agents)).isEqualTo(answers);
    }

    @Test
    void oneOfTwoWritesAndTheOtherTakesOver() {
        // Given
        Gateway first = agency.gateway();
        Gateway second = agency.gateway();
        boolean oneOwner = first.ownsProjection() && !second.ownsProjection();
        TestAgent agent = agency.spawn(TestAgent.create());
        await().atMost(TestAgency.SOON).until(() -> status(second, agent).equals("spawning"));

        // When
        first.close();
        agency.append(agent.started(1, worker));
        await().atMost(TestAgency.SOON).until(() -> status(second, agent).equals("running"));
        boolean inherited = second.ownsProjection();
        // The owner hangs: somebody holds the ownership and writes nothing.
        agency.redis.commands().psetex(RedisKeys.OWNER, 4_000, "hangs");
        CompletableFuture<Api.Answer> waiting =
                second.api().getLater("/api/agent/" + agent.id() + "?wait=3");
        agency.append(agent.completed(1, worker, "answer", 7));
        Api.Answer whileHanging = waiting.join();
        await().atMost(TestAgency.SOON).until(() -> status(second, agent).equals("completed"));

        // Then
        assertThat(oneOwner).isTrue();
        assertThat(inherited).isTrue();
        assertThat(whileHanging.status()).isEqualTo(200);
        assertThat(whileHanging.text("status")).isEqualTo("running");
        agency.awaitProjected();
        assertThat(second.api().get("/api/agent/" + agent.id()).body().path("cost").asDouble())
                .isEqualTo(0.000007);
    }

    @Test
    void takingOverRefusesNoReadEvenWhileTheLogIsAway() {
        // Given
        List<Gateway> gateways = List.of(agency.gateway(), agency.gateway());
        TestAgent agent = agency.spawn(TestAgent.create());
        for (Gateway gateway : gateways) {
            await().atMost(TestAgency.SOON).until(() -> status(gateway, agent).equals("spawning"));
        }
        agency.awaitProjected();

        // When
        agency.log.proxy().pause();
        agency.redis.commands().psetex(RedisKeys.OWNER, 1_500, "gone");
        Set<Integer> statuses = new HashSet<>();
        long until = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        while (System.nanoTime() < until) {
            for (Gateway gateway : gateways) {
                statuses.add(gateway.api().get("/api/agent/" + agent.id()).status());
                statuses.add(gateway.api().get("/api/agents").status());
            }
        }
        String owner = agency.redis.commands().get(RedisKeys.OWNER);
        agency.log.proxy().forward();

        // Then
        assertThat(owner).isNotEqualTo("gone");
        assertThat(statuses).containsExactly(200);
    }

    @Test
    void aRestartGoesOnFromWhereRedisIs() {
        // Given
        Gateway gateway = agency.gateway();
        TestAgent ended = agency.spawn(TestAgent.create());
        TestAgent live = agency.spawn(TestAgent.create());
        agency.append(ended.cancelRequested());
        agency.awaitProjected();
        gateway.close();
        // Only a reading from the beginning would write this view again.
        agency.redis.commands().del(RedisKeys.agent(ended.account(), ended.id()));
        agency.append(live.started(1, worker), live.completed(1, worker, "answer", 7));

        // When
        Gateway restarted = agency.gateway();
        agency.awaitProjected();

        // Then
        assertThat(status(restarted, live)).isEqualTo("completed");
        assertThat(restarted.api().get("/api/agent/" + ended.id()).status()).isEqualTo(404);
    }

    @Test
    void eventsMayComeBeforeTheirCommandEvenAcrossARestart() {
        // Given
        Gateway gateway = agency.gateway();
        TestAgent agent = TestAgent.create();
        agency.append(agent.started(1, worker), agent.completed(1, worker, "early", 7));
        agency.awaitProjected();
        gateway.close();

        // When
        agency.spawn(agent);
        Gateway restarted = agency.gateway();
        agency.awaitProjected();

        // Then
        Api.Answer answer = restarted.api().get("/api/agent/" + agent.id());
        assertThat(answer.text("status")).isEqualTo("completed");
        assertThat(answer.text("result")).isEqualTo("early");
        assertThat(answer.body().path("cost").asDouble()).isEqualTo(0.000007);
    }

    @Test
    void eventsReadBeforeTheirCommandAreNotLostWithTheGatewayThatReadThem() {
        // Given
        Gateway gateway = agency.gateway();
        TestAgent agent = TestAgent.create();
        gateway.context()
                .getBean(AgentViews.class)
                .reserve(agent.command(), agent.wrapped(), TestAgent.limits(9), RequestTokens.NONE)
                .block();
        agency.append(agent.started(1, worker), agent.completed(1, worker, "early", 7));
        agency.awaitProjected();
        gateway.close();

        // When
        agency.spawn(agent);
        Gateway restarted = agency.gateway();
        agency.awaitProjected();

        // Then
        Api.Answer answer = restarted.api().get("/api/agent/" + agent.id());
        assertThat(answer.text("status")).isEqualTo("completed");
        assertThat(answer.text("result")).isEqualTo("early");
        assertThat(answer.body().path("attempts")).hasSize(1);
        assertThat(answer.body().path("cost").asDouble()).isEqualTo(0.000007);
    }

    @Test
    void aGatewayThatStartsOnAnOlderRedisWhichNobodyRebuildsAnswersNothingOfIt() {
        // Given
        Gateway gateway = agency.gateway();
        TestAgent agent = agency.spawn(TestAgent.create());
        agency.awaitProjected();
        Map<String, byte[]> older = save();
        agency.append(agent.started(1, worker), agent.completed(1, worker, "answer", 7));
        agency.awaitProjected();
        gateway.close();
        restore(older);
        agency.redis.commands().psetex(RedisKeys.OWNER, 60_000, "hangs");

        // When
        Gateway restarted = agency.gateway();
        Api.Answer whileNobodyWrites = restarted.api().get("/api/agent/" + agent.id());
        agency.redis.commands().del(RedisKeys.OWNER);

        // Then
        assertThat(whileNobodyWrites.status()).isEqualTo(503);
        await().atMost(TestAgency.SOON).until(() -> status(restarted, agent).equals("completed"));
    }

    @Test
    void largeTextsStayOnTheLogAndAreReadFromThere() {
        // Given
        Gateway gateway = agency.gateway();
        TestAgent agent = agency.spawn(TestAgent.create(LARGE));

        // When
        agency.append(agent.started(1, worker), agent.completed(1, worker, LARGE + "!", 7));
        agency.awaitProjected();

        // Then
        Map<String, String> view =
                agency.redis.commands().hgetall(RedisKeys.agent(agent.account(), agent.id()));
        assertThat(view.get("t")).startsWith("@j1msky.spawn.");
        assertThat(view.get("r")).startsWith("@j1msky.agent.events");
        Api.Answer answer = gateway.api().get("/api/agent/" + agent.id());
        assertThat(answer.text("task")).isEqualTo(LARGE);
        assertThat(answer.text("result")).isEqualTo(LARGE + "!");
    }

    /// Agents at every stage, their records interleaved as many workers and owners would.
    private List<TestAgent> randomLog(Random random, int count) {
        List<TestAgent> agents = new ArrayList<>();
        List<List<LogEntry>> lives = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            TestAgent agent = TestAgent.create(random.nextInt(8) == 0 ? LARGE : "task " + n);
            agents.add(agent);
            lives.add(life(agent, random));
        }
        List<LogEntry> interleaved = new ArrayList<>();
        while (!lives.isEmpty()) {
            List<LogEntry> life = lives.get(random.nextInt(lives.size()));
            interleaved.add(life.removeFirst());
            lives.removeIf(List::isEmpty);
        }
        agency.append(interleaved.toArray(LogEntry[]::new));
        agency.awaitProjected();
        return agents;
    }

    private List<LogEntry> life(TestAgent agent, Random random) {
        List<LogEntry> life = new ArrayList<>(List.of(agent.dataKey(), agent.command()));
        int attempt = 1;
        if (random.nextInt(4) == 0) {
            life.add(agent.started(1, worker));
            life.add(agent.lost(1, worker));
            life.add(agent.command().withAttempt(2));
            attempt = 2;
        }
        if (random.nextInt(4) > 0) {
            life.add(agent.started(attempt, worker));
        }
        if (random.nextInt(4) == 0) {
            life.add(agent.cancelRequested());
        }
        List<LogEntry> endings =
                List.of(
                        agent.completed(attempt, worker, random.nextBoolean() ? "a" : LARGE, 11),
                        agent.failed(attempt, worker, 5),
                        agent.cancelled(attempt, worker, 3));
        // Often more than one: the first that the log lets end the agent wins.
        for (int n = random.nextInt(4); n > 0; n--) {
            life.add(endings.get(random.nextInt(endings.size())));
        }
        return life;
    }

    private static String status(Gateway gateway, TestAgent agent) {
        return gateway.api().get("/api/agent/" + agent.id()).text("status");
    }

    private static Map<String, String> answers(Api api, List<TestAgent> agents) {
        Map<String, String> answers = new HashMap<>();
        for (TestAgent agent : agents) {
            Api.Answer answer = api.get("/api/agent/" + agent.id());
            assertThat(answer.status()).isEqualTo(200);
            answers.put(agent.id().value(), answer.body().toString());
        }
        Api.Answer list = api.get("/api/agents");
        answers.put("list", list.body().toString());
        return answers;
    }

    /// Reads until Redis is whole again: every answer on the way is the right one or 503.
    private int readUntilRebuilt(Api api, Map<String, String> right) {
        int refused = 0;
        List<String> ids = right.keySet().stream().filter(id -> !id.equals("list")).toList();
        int answered = 0;
        for (int n = 0; answered < ids.size(); n++) {
            String id = ids.get(n % ids.size());
            Api.Answer answer = api.get("/api/agent/" + id);
            if (answer.status() == 503) {
                refused++;
                assertThat(answer.error().path("retry_after").asInt()).isPositive();
            } else {
                assertThat(answer.body().toString()).isEqualTo(right.get(id));
                answered++;
            }
        }
        agency.awaitProjected();
        return refused;
    }

    private Map<String, byte[]> save() {
        Map<String, byte[]> saved = new HashMap<>();
        for (String key : agency.redis.commands().keys("j1:*")) {
            saved.put(key, agency.redis.commands().dump(key));
        }
        return saved;
    }

    private void restore(Map<String, byte[]> saved) {
        agency.redis.commands().flushall();
        saved.forEach(
                (key, value) ->
                        agency.redis.commands().restore(key, value, new RestoreArgs().replace()));
    }

    /// What readers can see: which of its commands an agent was last sent with depends on what was read together.
    private Map<String, Object> views() {
        Map<String, Object> views = agency.redis.dump();
        views.remove(RedisKeys.ACCOUNTS);
        for (Map.Entry<String, Object> view : views.entrySet()) {
            if (view.getKey().contains(":a:") && view.getValue() instanceof Map<?, ?> hash) {
                Map<String, String> seen = new HashMap<>();
                hash.forEach((field, value) -> seen.put((String) field, (String) value));
                List.of("pos", "at", "ra").forEach(seen::remove);
                seen.computeIfPresent("t", (field, text) -> text.startsWith("@") ? "@" : text);
                seen.computeIfPresent("s", (field, state) -> withoutCommanded(state));
                view.setValue(seen);
            } else if (view.getKey().endsWith(":p")
                    && view.getValue() instanceof Map<?, ?> pending) {
                view.setValue(pending.keySet());
            }
        }
        return views;
    }

    private static String withoutCommanded(String state) {
        ObjectNode json = (ObjectNode) WireJson.MAPPER.readTree(state);
        json.remove("commanded");
        return json.toString();
    }
}
