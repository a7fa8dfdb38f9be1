package ai.j1msky.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.Api.Answer;
import ai.j1msky.gateway.TestAgency.Gateway;
import ai.j1msky.gateway.problem.Problem;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two gateways while Kafka or Redis is away.
class OutagesIT {

    private static final String SPAWN = "{\"model\":\"k2p5\",\"task\":\"Say hello\"}";

    private static TestAgency agency;
    private static Gateway first;
    private static Gateway second;

    @BeforeAll
    static void start() throws InterruptedException {
        agency = new TestAgency();
        first = agency.gateway();
        second = agency.gateway();
    }

    @AfterEach
    void heal() {
        agency.log.proxy().forward();
        agency.redisProxy.forward();
        await().atMost(TestAgency.SOON)
                .ignoreExceptions()
                .until(() -> first.api().post("/api/spawn", SPAWN).status() == 200);
    }

    @AfterAll
    static void stop() {
        agency.close();
    }

    @Test
    void withoutTheLogNothingIsTakenAndAllCanBeRead() {
        // Given
        TestAgent large = agency.spawn(TestAgent.create("x".repeat(90_000)));
        String path = "/api/agent/" + first.api().post("/api/spawn", SPAWN).text("agent_id");
        agency.awaitProjected();

        // When
        agency.log.proxy().pause();
        CompletableFuture<Answer> keyed =
                first.api().postLater("/api/spawn", SPAWN, "Idempotency-Key", "outage");
        CompletableFuture<Answer> cancel = first.api().deleteLater(path);
        List<Answer> reads =
                List.of(
                        first.api().get(path),
                        first.api().get("/api/agent/" + large.id()),
                        first.api().get("/api/agents"));
        Answer spawned = keyed.join();
        Answer cancelled = cancel.join();
        Answer meanwhile =
                await().atMost(TestAgency.SOON)
                        .until(
                                () ->
                                        first.api()
                                                .post(
                                                        "/api/spawn",
                                                        SPAWN,
                                                        "Idempotency-Key",
                                                        "outage"),
                                answer -> answer.status() == 503);
        agency.log.proxy().forward();
        Answer repeated = repeatUntilTaken("outage");

        // Then
        assertThat(reads).extracting(Answer::status).containsOnly(200);
        for (Answer refused : List.of(spawned, cancelled)) {
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.took()).isLessThan(Duration.ofMillis(3_500));
            assertThat(refused.error().path("retry_after").asInt()).isPositive();
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        }
        assertThat(meanwhile.error().path("agent_id"))
                .as("a repeat never says that nothing was done")
                .isEqualTo(spawned.error().path("agent_id"));
        assertThat(repeated.text("agent_id"))
                .isEqualTo(spawned.error().path("agent_id").asString());
        assertThat(count(repeated.text("agent_id"))).isEqualTo(1);
    }

    @Test
    void withoutTheLogTheFateOfAKeyIsUnknown() {
        // Given
        String body = "{\"name\":\"n\",\"env\":\"dev\",\"scopes\":[\"agents:read\"]}";
        String path = "/api/keys/" + first.api().post("/api/keys", body).text("key_id");

        // When
        agency.log.proxy().pause();
        CompletableFuture<Answer> created = first.api().postLater("/api/keys", body);
        CompletableFuture<Answer> revoked = first.api().deleteLater(path);
        List<Answer> answers = List.of(created.join(), revoked.join());
        agency.log.proxy().forward();

        // Then
        for (Answer unknown : answers) {
            assertThat(unknown.status()).isEqualTo(503);
            assertThat(unknown.error().path("retry_after").asInt()).isPositive();
            assertThat(unknown.error().path("message").asString())
                    .isEqualTo(Problem.KEY_OUTCOME_UNKNOWN.sentence());
        }
    }

    @Test
    void withoutTheLogEveryReaderOfALargeResultIsToldSoInTime() {
        // Given
        TestAgent agent = agency.spawn(TestAgent.create());
        WorkerId worker = agency.worker(true);
        agency.append(
                agent.started(1, worker), agent.completed(1, worker, "x".repeat(90_000), 1_000));
        String path = "/api/agent/" + agent.id();
        await().atMost(TestAgency.SOON)
                .until(() -> first.api().get(path).text("result").length() == 90_000);

        // When
        agency.log.proxy().pause();
        List<CompletableFuture<Answer>> sent =
                IntStream.range(0, 50).mapToObj(n -> first.api().getLater(path)).toList();
        List<Answer> answers = sent.stream().map(CompletableFuture::join).toList();
        agency.log.proxy().forward();

        // Then
        assertThat(answers)
                .allSatisfy(
                        answer -> {
                            assertThat(answer.status()).isEqualTo(503);
                            assertThat(answer.took()).isLessThan(Duration.ofSeconds(5));
                            assertThat(answer.error().path("message").asString())
                                    .isEqualTo(Problem.TEXTS_UNAVAILABLE.sentence());
                        });
    }

    @Test
    void withoutRedisNothingIsReadAndCancellingStillWorks() {
        // Given
        TestAgent waiting = agency.spawn(TestAgent.create());
        String path = "/api/agent/" + waiting.id();
        await().atMost(TestAgency.SOON).until(() -> first.api().get(path).status() == 200);

        // When
        agency.redisProxy.pause();
        Answer spawn = first.api().post("/api/spawn", SPAWN);
        Answer read = first.api().get(path);
        Answer list = first.api().get("/api/agents");
        Answer cancel = first.api().delete(path);
        agency.redisProxy.forward();

        // Then
        for (Answer refused : List.of(spawn, read, list)) {
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.took()).isLessThan(Duration.ofMillis(1_500));
            assertThat(refused.error().path("retry_after").asInt()).isPositive();
        }
        assertThat(cancel.status()).isEqualTo(200);
        await().atMost(TestAgency.SOON)
                .until(() -> first.api().get(path).text("status").equals("cancelled"));
    }

    @Test
    void aRevokedKeyIsRefusedByEveryGatewayWithinASecondAlsoWithoutRedis() {
        // Given
        String created =
                "{\"name\":\"short-lived\",\"env\":\"live\",\"scopes\":[\"agents:read\",\"admin\"]}";
        Answer key = first.api().post("/api/keys", created);
        Api there = second.api().with(key.text("key"));
        await().atMost(Duration.ofSeconds(5)).until(() -> there.get("/api/keys").status() == 200);
        Answer listed = second.api().get("/api/keys");

        // When
        agency.redisProxy.pause();
        Answer revoked = first.api().delete("/api/keys/" + key.text("key_id"));
        Answer here = first.api().with(key.text("key")).get("/api/keys");
        await().atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> there.get("/api/keys").status() == 401);

        // Then
        assertThat(key.text("key")).startsWith("live_sk_");
        assertThat(listed.body().path("keys").findValuesAsString("key_id"))
                .contains(key.text("key_id"));
        assertThat(listed.body().toString()).doesNotContain(key.text("key"), "api_secret");
        assertThat(revoked.status()).isEqualTo(200);
        assertThat(here.status()).isEqualTo(401);
    }

    @Test
    void aKeyWithoutTheScopeIsToldWhichOneItLacks() {
        // Given
        MintedKey reader = agency.mint(KeyEnvironment.DEV, EnumSet.of(Scope.AGENTS_READ));
        Api api = first.api().with(reader.text().reveal());
        await().atMost(Duration.ofSeconds(5)).until(() -> api.get("/api/agents").status() == 200);

        // When
        Answer answer = api.post("/api/spawn", SPAWN);

        // Then
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.error().path("message").asString()).contains("agents:write");
    }

    private static Answer repeatUntilTaken(String key) {
        return await().atMost(TestAgency.SOON)
                .until(
                        () -> first.api().post("/api/spawn", SPAWN, "Idempotency-Key", key),
                        answer -> answer.status() == 200);
    }

    private static long count(String agentId) {
        return agency.read(Topics.DATA_KEYS).stream()
                .filter(entry -> entry.agentId().value().equals(agentId))
                .map(entry -> entry.wrapped())
                .distinct()
                .count();
    }
}
