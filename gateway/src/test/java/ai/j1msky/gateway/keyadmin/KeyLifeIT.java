package ai.j1msky.gateway.keyadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.KeyText;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.Api.Answer;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgency.Gateway;
import ai.j1msky.gateway.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Keys on two gateways, from their creation to their end.
class KeyLifeIT {

    private static final TestClock CLOCK = new TestClock();
    private static final int REVOCATIONS = 20;

    private static TestAgency agency;
    private static Gateway first;
    private static Gateway second;

    @BeforeAll
    static void start() throws InterruptedException {
        agency = new TestAgency();
        first = agency.gateway(CLOCK);
        second = agency.gateway(CLOCK);
    }

    @AfterEach
    void heal() {
        CLOCK.reset();
        agency.redisProxy.forward();
    }

    @AfterAll
    static void stop() {
        agency.close();
    }

    @Test
    void theOldTextEndsADayAfterTheFirstUseOfTheNewOneOnEveryGateway() {
        // Given
        Answer old = create("rotated");
        Answer rotated = first.api().post(path(old) + "/rotate", "{}");
        CLOCK.forward(Duration.ofDays(10));
        int oldAfterTenDays = status(second, old);

        // When
        await().atMost(TestAgency.SOON).until(() -> status(second, rotated) == 404);
        await().atMost(TestAgency.SOON).until(() -> !firstUsed(first, old).isNull());
        await().atMost(TestAgency.SOON).until(() -> !firstUsed(second, old).isNull());
        JsonNode during = listed(first, old);
        CLOCK.forward(Duration.ofHours(23));
        Gateway third = agency.gateway(CLOCK);
        List<Integer> before = List.of(status(first, old), status(second, old), status(third, old));
        CLOCK.forward(Duration.ofHours(2));
        List<Integer> after = List.of(status(first, old), status(second, old), status(third, old));

        // Then
        assertThat(rotated.status()).isEqualTo(200);
        assertThat(rotated.text("key_id")).isEqualTo(old.text("key_id"));
        assertThat(rotated.text("key")).isNotEqualTo(old.text("key"));
        assertThat(rotated.text("api_secret")).isNotEqualTo(old.text("api_secret"));
        assertThat(rotated.body().propertyNames())
                .containsExactlyElementsOf(old.body().propertyNames());
        assertThat(oldAfterTenDays).isEqualTo(404);
        assertThat(during.path("secrets")).hasSize(2);
        assertThat(during.at("/secrets/0/last_four").asString())
                .isEqualTo(KeyText.parse(old.text("key")).orElseThrow().lastFour());
        assertThat(Instant.parse(during.at("/secrets/0/ends").asString()))
                .isEqualTo(
                        Instant.parse(during.at("/secrets/1/first_used").asString())
                                .plus(Duration.ofHours(24)));
        assertThat(before).containsOnly(404);
        assertThat(after).containsOnly(401);
        assertThat(status(third, rotated)).isEqualTo(404);
        assertThat(listed(third, old).has("secrets")).isFalse();
    }

    @Test
    void withoutGraceTheOldTextEndsWithTheAnswer() {
        // Given
        Answer old = create("leaked");

        // When
        Answer rotated = first.api().post(path(old) + "/rotate", "{\"grace_hours\":0}");

        // Then
        assertThat(status(first, old)).isEqualTo(401);
        assertThat(status(first, rotated)).isEqualTo(404);
        await().atMost(TestAgency.SOON).until(() -> status(second, old) == 401);
        await().atMost(TestAgency.SOON).until(() -> status(second, rotated) == 404);
    }

    @Test
    void aRotationMayHaveNoBodyAndARevokedKeyHasNone() {
        // Given
        Answer key = create("bodiless");

        // When
        Answer rotated = first.api().post(path(key) + "/rotate", "");
        Answer revoked = first.api().delete(path(key));
        Answer late = first.api().post(path(key) + "/rotate", "{}");

        // Then
        assertThat(rotated.status()).isEqualTo(200);
        assertThat(revoked.status()).isEqualTo(200);
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.error().path("message").asString()).isEqualTo(Problem.KEY_ENDED.sentence());
        assertThat(List.of(status(first, key), status(first, rotated))).containsOnly(401);
    }

    @Test
    void everyAnswerNamesTheEndOfAKeyFromItsEightiethDay() {
        // Given
        Answer key = create("old");
        Api api = first.api().with(key.text("key"));

        // When
        CLOCK.forward(Duration.ofDays(80).minusMinutes(5));
        Answer early = api.get("/api/agents");
        CLOCK.forward(Duration.ofMinutes(10));
        Answer good = api.get("/api/agents");
        Answer forbidden = api.get("/api/keys");
        Answer missing = api.get("/api/nothing");

        // Then
        assertThat(early.headers().firstValue("X-Key-Expires-At")).isEmpty();
        for (Answer answer : List.of(good, forbidden, missing)) {
            assertThat(answer.headers().firstValue("X-Key-Expires-At"))
                    .contains(key.text("expires_at"));
        }
        assertThat(List.of(good.status(), forbidden.status(), missing.status()))
                .containsExactly(200, 403, 404);
        // The audit has it, too.
        await().atMost(TestAgency.SOON)
                .until(
                        () ->
                                first.api()
                                        .get(
                                                "/api/security/audit/entries?event=api.key.expiring&limit=200")
                                        .body()
                                        .path("entries")
                                        .findValuesAsString("id")
                                        .contains(key.text("key_id")));
    }

    @Test
    void fiftyCreationsWithOneIdempotencyKeyMakeOneKeyThatIsShownOnce() {
        // Given
        String body = body("once");

        // When
        List<CompletableFuture<Answer>> sent =
                IntStream.range(0, 50)
                        .mapToObj(
                                n ->
                                        (n % 2 == 0 ? first : second)
                                                .api()
                                                .postLater(
                                                        "/api/keys",
                                                        body,
                                                        "Idempotency-Key",
                                                        "once"))
                        .toList();
        List<Answer> answers = sent.stream().map(CompletableFuture::join).toList();
        Answer other = first.api().post("/api/keys", body("other"), "Idempotency-Key", "once");

        // Then
        List<Answer> made = answers.stream().filter(a -> a.status() == 200).toList();
        assertThat(made).hasSize(1);
        String id = made.getFirst().text("key_id");
        assertThat(answers)
                .filteredOn(a -> a.status() != 200)
                .allSatisfy(
                        refused -> {
                            assertThat(refused.status()).isEqualTo(409);
                            assertThat(refused.error().path("message").asString()).contains(id);
                        });
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.error().path("message").asString())
                .isEqualTo(Problem.IDEMPOTENCY_CONFLICT.sentence());
        for (Gateway gateway : List.of(first, second)) {
            await().atMost(TestAgency.SOON).until(() -> status(gateway, made.getFirst()) == 404);
            assertThat(names(gateway)).containsOnlyOnce("once");
        }
        String digest = KeyText.parse(made.getFirst().text("key")).orElseThrow().sha256();
        await("the log says in the end what the gateways know")
                .atMost(TestAgency.SOON)
                .until(() -> lastEntry(id).secrets().getFirst().sha256().equals(digest));
    }

    @Test
    void aRepeatedRotationChangesNothing() {
        // Given
        Answer key = create("repeated");
        Answer rotated =
                first.api().post(path(key) + "/rotate", "{}", "Idempotency-Key", "rotate-1");

        // When
        Answer again = first.api().post(path(key) + "/rotate", "{}", "Idempotency-Key", "rotate-1");
        await().atMost(TestAgency.SOON).until(() -> status(second, rotated) == 404);
        Answer there =
                second.api().post(path(key) + "/rotate", "{}", "Idempotency-Key", "rotate-1");
        Answer different =
                second.api()
                        .post(
                                path(key) + "/rotate",
                                "{\"grace_hours\":0}",
                                "Idempotency-Key",
                                "rotate-1");

        // Then
        assertThat(List.of(again.status(), there.status(), different.status())).containsOnly(409);
        assertThat(there.error().path("message").asString()).contains(key.text("key_id"));
        assertThat(status(first, key)).isEqualTo(404);
        assertThat(status(first, rotated)).isEqualTo(404);
    }

    @Test
    void anAdminHasTheKeysOfTheirAccountAndOneOfMainHasAll() {
        // Given
        Answer adminB = createIn("tenant-b", "[\"admin\"]");
        Answer keyB = createIn("tenant-b", "[\"agents:read\"]");
        Answer keyC = createIn("tenant-c", "[\"agents:read\"]");
        Answer keyMain = create("of-main");
        Api b = first.api().with(adminB.text("key"));

        // When
        List<Answer> refused = new ArrayList<>();
        for (Answer foreign : List.of(keyC, keyMain)) {
            refused.add(b.post(path(foreign) + "/rotate", "{}"));
            refused.add(b.delete(path(foreign)));
        }
        Answer planted =
                b.post(
                        "/api/keys",
                        "{\"name\":\"x\",\"env\":\"dev\",\"scopes\":[\"admin\"],\"account\":\"main\"}");
        Answer own = b.post("/api/keys", body("own"));
        JsonNode seen = b.get("/api/keys").body().path("keys");
        Answer rotated = b.post(path(keyB) + "/rotate", "{\"grace_hours\":1}");
        List<String> seenByMain =
                first.api().get("/api/keys").body().path("keys").findValuesAsString("key_id");

        // Then
        String unknown = b.delete("/api/keys/key_unknown").error().path("message").asString();
        assertThat(refused)
                .allSatisfy(
                        answer -> {
                            assertThat(answer.status()).isEqualTo(404);
                            assertThat(answer.error().path("message").asString())
                                    .isEqualTo(unknown);
                        });
        assertThat(planted.status()).isEqualTo(403);
        assertThat(own.text("account")).isEqualTo("tenant-b");
        assertThat(seen.findValuesAsString("account")).containsOnly("tenant-b");
        assertThat(rotated.status()).isEqualTo(200);
        assertThat(seenByMain).contains(keyB.text("key_id"), keyC.text("key_id"));
        for (Answer foreign : List.of(keyC, keyMain)) {
            assertThat(status(first, foreign)).isEqualTo(404);
        }
    }

    @Test
    void theListTellsWhenAKeyWasLastUsedAndNeverItsSecret() {
        // Given
        Answer used = create("used");
        Answer unused = create("unused");

        // When
        Instant before = Instant.now();
        assertThat(status(first, used)).isEqualTo(404);
        Answer list = first.api().get("/api/keys");

        // Then
        assertThat(Instant.parse(listed(first, used).path("last_used").asString()))
                .isBetween(before.minusSeconds(1), Instant.now());
        assertThat(listed(first, unused).get("last_used").isNull()).isTrue();
        assertThat(list.body().toString())
                .doesNotContain(
                        used.text("key"),
                        used.text("api_secret"),
                        KeyText.parse(used.text("key")).orElseThrow().sha256());
    }

    @Test
    void whatAnotherGatewaySawIsKnownWhenItStops() {
        // Given
        Answer key = create("seen elsewhere");
        Gateway other = agency.gateway(CLOCK);
        assertThat(status(other, key)).isEqualTo(404);

        // When
        other.close();

        // Then
        await().atMost(TestAgency.SOON).until(() -> !listed(first, key).get("last_used").isNull());
    }

    @Test
    void aRevokedKeyIsRefusedByBothGatewaysSoonAlsoWithoutRedis() {
        // Given
        List<Answer> keys =
                IntStream.range(0, REVOCATIONS).mapToObj(n -> create("victim " + n)).toList();
        keys.forEach(
                key -> await().atMost(TestAgency.SOON).until(() -> status(second, key) != 401));
        agency.redisProxy.pause();
        Timer lag =
                second.context()
                        .getBean(MeterRegistry.class)
                        .get("j1msky.registry.keys.lag")
                        .timer();
        long counted = lag.count();
        double lagged = lag.totalTime(TimeUnit.MILLISECONDS);

        // When
        List<Long> micros = new ArrayList<>();
        for (Answer key : keys) {
            long start = System.nanoTime();
            assertThat(first.api().delete(path(key)).status()).isEqualTo(200);
            assertThat(status(first, key)).isEqualTo(401);
            await().atMost(TestAgency.SOON)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> status(second, key) == 401);
            micros.add((System.nanoTime() - start) / 1_000);
        }

        // Then
        micros.sort(Long::compareTo);
        System.out.printf(
                "revoked on two gateways without Redis: median %.1f ms, longest %.1f ms;"
                        + " registry lag mean %.1f ms%n",
                micros.get(REVOCATIONS / 2) / 1e3,
                micros.getLast() / 1e3,
                (lag.totalTime(TimeUnit.MILLISECONDS) - lagged) / REVOCATIONS);
        assertThat(lag.count() - counted).isEqualTo(REVOCATIONS);
    }

    private static Answer create(String name) {
        return created(first.api().post("/api/keys", body(name)));
    }

    private static Answer createIn(String account, String scopes) {
        return created(
                first.api()
                        .post(
                                "/api/keys",
                                "{\"name\":\"n\",\"env\":\"dev\",\"scopes\":"
                                        + scopes
                                        + ",\"account\":\""
                                        + account
                                        + "\"}"));
    }

    private static Answer created(Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer;
    }

    private static String body(String name) {
        return "{\"name\":\"" + name + "\",\"env\":\"dev\",\"scopes\":[\"agents:read\"]}";
    }

    private static String path(Answer key) {
        return "/api/keys/" + key.text("key_id");
    }

    /// What that text of a key gets: 404 for who is let in, since there is nothing; it takes no Redis to say so.
    private static int status(Gateway gateway, Answer key) {
        return gateway.api().with(key.text("key")).get("/api/nothing").status();
    }

    private static JsonNode listed(Gateway gateway, Answer key) {
        return gateway.api()
                .get("/api/keys")
                .body()
                .path("keys")
                .valueStream()
                .filter(k -> k.path("key_id").asString().equals(key.text("key_id")))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode firstUsed(Gateway gateway, Answer key) {
        return listed(gateway, key).at("/secrets/1/first_used");
    }

    private static List<String> names(Gateway gateway) {
        return gateway.api().get("/api/keys").body().path("keys").findValuesAsString("name");
    }

    private static ApiKey lastEntry(String id) {
        return agency.read(Topics.API_KEYS).stream()
                .filter(key -> key.keyId().value().equals(id))
                .reduce((one, later) -> later)
                .orElseThrow();
    }
}
