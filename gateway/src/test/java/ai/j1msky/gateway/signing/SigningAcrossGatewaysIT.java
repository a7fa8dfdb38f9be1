package ai.j1msky.gateway.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.signing.RequestSignature;
import ai.j1msky.gateway.Api.Answer;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgency.Gateway;
import ai.j1msky.gateway.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Signed requests on two gateways, while keys are rotated and while Redis is away.
class SigningAcrossGatewaysIT {

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
        agency.redisProxy.forward();
        await().atMost(TestAgency.SOON).until(() -> first.api().get("/api/agents").status() == 200);
    }

    @AfterAll
    static void stop() {
        agency.close();
    }

    /// A text of a key and the secret that came with it.
    record Credentials(String key, String apiSecret) {
        static Credentials of(Answer shownOnce) {
            return new Credentials(shownOnce.text("key"), shownOnce.text("api_secret"));
        }
    }

    record Seen(int status, JsonNode body) {
        String message() {
            return body.at("/error/message").asString();
        }
    }

    @Test
    void aKeyMayDemandSignatures() throws Exception {
        // Given
        Answer created = create(true);
        Credentials key = Credentials.of(created);

        // When
        Answer unsigned = first.api().with(key.key()).get("/api/agents");
        Seen signed = send(first, key, "POST", "/api/spawn", SPAWN);

        // Then
        assertThat(created.body().path("require_signature").asBoolean()).isTrue();
        assertThat(unsigned.status()).isEqualTo(401);
        assertThat(unsigned.error().path("message").asString())
                .isEqualTo(Problem.SIGNATURE_MISSING.sentence());
        assertThat(signed.status()).isEqualTo(200);
    }

    @Test
    void aSignatureIsGoodOnceOnAllGatewaysTogether() throws Exception {
        // Given
        Credentials key = Credentials.of(create(false));
        awaitKnown(key);
        HttpRequest.Builder request = signed(key, "POST", "/api/spawn", SPAWN);

        // When
        Seen here = send(first, request);
        Seen there = send(second, request);

        // Then
        assertThat(here.status()).isEqualTo(200);
        assertThat(there.status()).isEqualTo(401);
        assertThat(there.message()).isEqualTo(Problem.SIGNATURE_REPLAYED.sentence());
    }

    @Test
    void whileAKeyIsRotatedEachTextGoesWithItsOwnSecret() throws Exception {
        // Given
        Answer created = create(true);
        Credentials old = Credentials.of(created);
        Credentials fresh =
                Credentials.of(
                        first.api()
                                .post(
                                        "/api/keys/" + created.text("key_id") + "/rotate",
                                        "{\"grace_hours\":1}"));

        // When
        List<Integer> statuses =
                List.of(
                        send(first, old, "GET", "/api/agents", "").status(),
                        send(first, fresh, "GET", "/api/agents", "").status(),
                        send(first, old, "GET", "/api/agents?limit=9", "").status());
        Seen mixed =
                send(
                        first,
                        new Credentials(fresh.key(), old.apiSecret()),
                        "GET",
                        "/api/agents",
                        "");

        // Then
        assertThat(statuses).containsOnly(200);
        assertThat(mixed.status()).isEqualTo(401);
        assertThat(mixed.message()).isEqualTo(Problem.SIGNATURE_REFUSED.sentence());
    }

    @Test
    void withoutRedisSignedReadsGoOnAndSignedChangesAreRefused() throws Exception {
        // Given
        Credentials key = Credentials.of(create(false));

        // When
        agency.redisProxy.pause();
        Seen read = send(first, key, "GET", "/api/nothing", "");
        Seen change = send(first, key, "POST", "/api/spawn", SPAWN);
        Seen forged = send(first, new Credentials(key.key(), "wrong"), "POST", "/api/spawn", SPAWN);
        agency.redisProxy.forward();

        // Then
        assertThat(read.status()).isEqualTo(404);
        assertThat(change.status()).isEqualTo(503);
        assertThat(change.body().at("/error/retry_after").asInt()).isPositive();
        assertThat(forged.status()).isEqualTo(401);
    }

    private static Answer create(boolean requireSignature) {
        String body =
                "{\"name\":\"signer\",\"env\":\"dev\",\"scopes\":[\"agents:read\",\"agents:write\"],"
                        + "\"require_signature\":"
                        + requireSignature
                        + "}";
        Answer created = first.api().post("/api/keys", body);
        assertThat(created.status()).as(created.body().toString()).isEqualTo(200);
        return created;
    }

    private static void awaitKnown(Credentials key) {
        await().atMost(TestAgency.SOON)
                .until(() -> second.api().with(key.key()).get("/api/nothing").status() == 404);
    }

    private static Seen send(
            Gateway gateway, Credentials key, String method, String target, String body)
            throws IOException, InterruptedException {
        return send(gateway, signed(key, method, target, body));
    }

    private static Seen send(Gateway gateway, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        URI target = request.build().uri();
        URI here =
                gateway.api()
                        .base()
                        .resolve(
                                target.getRawPath()
                                        + (target.getRawQuery() == null
                                                ? ""
                                                : "?" + target.getRawQuery()));
        HttpResponse<byte[]> response =
                gateway.api().http().send(request.uri(here).build(), BodyHandlers.ofByteArray());
        return new Seen(response.statusCode(), WireJson.MAPPER.readTree(response.body()));
    }

    private static HttpRequest.Builder signed(
            Credentials key, String method, String target, String body) {
        String timestamp = Instant.now().toString();
        return HttpRequest.newBuilder(URI.create("http://gateway" + target))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + key.key())
                .header("X-Timestamp", timestamp)
                .header(
                        "X-Signature",
                        RequestSignature.of(
                                        key.apiSecret(),
                                        timestamp,
                                        method,
                                        target,
                                        body.getBytes(StandardCharsets.UTF_8))
                                .hex())
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    }
}
