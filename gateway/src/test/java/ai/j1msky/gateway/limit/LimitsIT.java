package ai.j1msky.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.TestAgency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Limits as clients of real gateways meet them.
class LimitsIT {

    private static final String SPAWN = "{\"model\":\"k2p5\",\"task\":\"x\"}";

    @TempDir Path directory;

    /// The log is other tests', too.
    private final AccountId account = new AccountId("limits-" + System.nanoTime());

    private final String provider = "provider-" + System.nanoTime();

    private TestAgency agency;

    @BeforeEach
    void start() throws InterruptedException {
        agency = new TestAgency();
    }

    @AfterEach
    void stop() {
        agency.close();
    }

    private Api gateway(String config) throws IOException {
        Path file = Files.createTempFile(directory, "config", ".json");
        Files.writeString(file, config);
        return agency.gateway("--j1msky.config=" + file).api();
    }

    /// A model and a provider of this test's own.
    private String budget(int hourly, String limits) {
        return """
               {"limits": %s,
                "providers": {"%s": {"wire": "openai", "base_url": "http://127.0.0.1:9", "hourly": %d}},
                "models": {"%s": {"provider": "%s", "model": "x", "input_per_mtok": 1, "output_per_mtok": 1}}}
               """
                .formatted(limits, provider, hourly, provider, provider);
    }

    private String spawn() {
        return SPAWN.replace("k2p5", provider);
    }

    /// Lists are the log's, and may be a moment late.
    private static void awaitAgents(Api api, int count) {
        await().untilAsserted(
                        () ->
                                assertThat(api.get("/api/agents").body().at("/count").asInt())
                                        .isEqualTo(count));
    }

    /// As a worker writes it that calls the provider.
    private AgentEvent started(String agent) {
        return new AgentEvent.AttemptStarted(
                new AgentId(agent),
                account,
                1,
                agency.worker(true),
                provider,
                provider,
                null,
                Instant.now());
    }

    private Api as(Api gateway, KeyEnvironment environment) {
        return gateway.with(
                agency.mint(account, environment, EnumSet.allOf(Scope.class)).text().reveal());
    }

    @Test
    void aKeySpawnsAsOftenAsItMayOnAllGatewaysTogether() throws Exception {
        // Given
        String config =
                "{\"limits\": {\"POST /spawn\": {\"limit\": 20}}, \"concurrent_agents\": 1000}";
        Api first = as(gateway(config), KeyEnvironment.DEV);
        Api second = gateway(config).with(first.key());

        // When
        List<Api.Answer> answers = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(16)) {
            List<Callable<Api.Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Api gateway = i % 2 == 0 ? first : second;
                calls.add(() -> gateway.post("/api/spawn", SPAWN));
            }
            for (Future<Api.Answer> answer : clients.invokeAll(calls)) {
                answers.add(answer.get());
            }
        }

        // Then
        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(20);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .allSatisfy(
                        answer -> {
                            assertThat(answer.status()).isEqualTo(429);
                            assertThat(answer.body().at("/error/code").asInt()).isEqualTo(429);
                            assertThat(answer.body().at("/error/message").asString())
                                    .startsWith("Rate limit exceeded");
                            int retryAfter = answer.body().at("/error/retry_after").asInt();
                            assertThat(retryAfter).isBetween(3_500, 3_661);
                            assertThat(answer.headers().firstValue("Retry-After"))
                                    .hasValue(Integer.toString(retryAfter));
                            assertThat(answer.headers().firstValue("RateLimit"))
                                    .hasValueSatisfying(
                                            text ->
                                                    assertThat(text)
                                                            .startsWith("\"POST /spawn\";r=0;t="));
                        });
        awaitAgents(first, 20);
        // Another key of the same account has its own.
        assertThat(as(first, KeyEnvironment.DEV).post("/api/spawn", SPAWN).status()).isEqualTo(200);
        // What is refused as wrong takes nothing.
        Api third = as(first, KeyEnvironment.DEV);
        assertThat(third.post("/api/spawn", "{}").status()).isEqualTo(400);
        assertThat(third.post("/api/spawn", SPAWN).headers().firstValue("RateLimit"))
                .hasValueSatisfying(text -> assertThat(text).contains("r=19"));
    }

    @Test
    void answersSayWhatIsLeft() throws Exception {
        Api api =
                as(
                        gateway(
                                "{\"limits\": {\"GET /agents\": {\"limit\": 3, \"window\": \"1m\"}}}"),
                        KeyEnvironment.DEV);

        Api.Answer answer = api.get("/api/agents");

        assertThat(answer.headers().firstValue("RateLimit-Policy"))
                .hasValue("\"GET /agents\";q=3;w=60");
        assertThat(answer.headers().firstValue("RateLimit"))
                .hasValueSatisfying(
                        text -> assertThat(text).matches("\"GET /agents\";r=2;t=6[01]"));
        // Endpoints count apart.
        assertThat(api.get("/api/rate-limits").headers().firstValue("RateLimit"))
                .hasValueSatisfying(
                        text -> assertThat(text).startsWith("\"GET /rate-limits\";r=999;"));
    }

    @Test
    void whatRetryAfterPromisesHolds() throws Exception {
        Api api =
                as(
                        gateway(
                                "{\"limits\": {\"GET /agents\": {\"limit\": 2, \"window\": \"2s\"}}}"),
                        KeyEnvironment.DEV);
        api.get("/api/agents");
        api.get("/api/agents");
        Api.Answer refused = api.get("/api/agents");
        assertThat(refused.status()).isEqualTo(429);

        Thread.sleep(Duration.ofSeconds(refused.body().at("/error/retry_after").asInt()));

        assertThat(api.get("/api/agents").status()).isEqualTo(200);
    }

    @Test
    void anAddressIsLimitedBeforeAnybodyIsIdentified() throws Exception {
        Api api = gateway("{\"limits\": {\"ip\": {\"limit\": 10, \"window\": \"5s\"}}}");
        Api stranger = api.with("live_sk_nonsense");
        Api known = as(api, KeyEnvironment.DEV);
        // The gateway's own start has asked /readyz, which is not limited.
        for (int i = 0; i < 10; i++) {
            assertThat(stranger.get("/api/agents").status()).isEqualTo(401);
        }

        // Nobody waits for the token of a refused request, so one more may have slipped through.
        await().until(() -> stranger.get("/api/agents").status() == 429);
        Api.Answer refused = stranger.get("/api/agents");
        assertThat(refused.body().at("/error/message").asString()).contains("IP address");
        assertThat(known.get("/api/agents").status()).isEqualTo(429);
        assertThat(known.post("/api/spawn", SPAWN).status()).isEqualTo(429);
        assertThat(known.get("/readyz").status()).isEqualTo(200);

        Thread.sleep(Duration.ofSeconds(refused.body().at("/error/retry_after").asInt()));
        assertThat(known.get("/api/agents").status()).isEqualTo(200);
    }

    @Test
    void whatAKeyHoldsInAnHourIsBounded() throws Exception {
        // A hold of k2p5 is its output cap: 8,192 tokens at $3 a million are $0.024576, and the
        // task's.
        Api api =
                as(
                        gateway(
                                "{\"budgets\": {\"spike_per_hour\": 0.05}, \"providers\": {\"kimi\": {\"hourly\": 0}}}"),
                        KeyEnvironment.LIVE);
        assertThat(api.post("/api/spawn", SPAWN).status()).isEqualTo(200);
        Api.Answer second = api.post("/api/spawn", SPAWN);
        assertThat(second.status()).isEqualTo(200);

        Api.Answer refused = api.post("/api/spawn", SPAWN);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body().at("/error/message").asString())
                .startsWith("Cost limit exceeded");
        await().untilAsserted(
                        () ->
                                assertThat(
                                                api.get(
                                                                "/api/security/audit/entries?event=security.violation")
                                                        .body()
                                                        .findValuesAsString("kind"))
                                        .containsExactly("cost_limited"));
        // A cancelled agent gives its hold back.
        assertThat(api.delete("/api/agent/" + second.body().at("/agent_id").asString()).status())
                .isEqualTo(200);
        await().untilAsserted(
                        () -> assertThat(api.post("/api/spawn", SPAWN).status()).isEqualTo(200));
    }

    @Test
    void aFlushedRedisGetsTheSpawnsOfTheWindowBack() throws Exception {
        // Given
        Api api = as(gateway(budget(9, "{\"POST /spawn\": {\"limit\": 3}}")), KeyEnvironment.LIVE);
        for (int i = 0; i < 3; i++) {
            Api.Answer spawned = api.post("/api/spawn", spawn());
            assertThat(spawned.status()).isEqualTo(200);
            agency.append(started(spawned.body().at("/agent_id").asString()));
        }
        agency.awaitProjected();

        // When
        agency.redis.commands().flushall();

        // Then
        List<Integer> statuses = new ArrayList<>();
        await().atMost(TestAgency.SOON)
                .until(
                        () -> {
                            statuses.add(api.post("/api/spawn", spawn()).status());
                            return statuses.contains(429);
                        });
        assertThat(statuses).as("while it was rebuilt").isSubsetOf(503, 429);
        assertThat(api.get("/api/rate-limits").body().at("/limits/" + provider + "/used").asInt())
                .isEqualTo(3);
        awaitAgents(api, 3);
    }

    @Test
    void withoutRedisTheSettingDecidesAboutWhatNeedsItForLimitsOnly() throws Exception {
        Api open = gateway("{}");
        Api closed = gateway("{\"outage\": {\"limits\": \"closed\"}}");

        agency.redisProxy.cut();

        await().untilAsserted(() -> assertThat(open.get("/api/keys").status()).isEqualTo(200));
        Api.Answer refused = closed.get("/api/keys");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body().at("/error/retry_after").asInt()).isPositive();
        assertThat(open.with("live_sk_nonsense").get("/api/keys").status()).isEqualTo(401);
    }
}
