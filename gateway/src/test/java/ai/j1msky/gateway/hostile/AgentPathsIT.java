package ai.j1msky.gateway.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.fixture.GatewayFixture;
import ai.j1msky.gateway.fixture.SharedGateway;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A path names an agent of the caller's, or nothing: clever spellings, made-up ids and other accounts' agents all get
/// the same 404; and an agent ends once.
@ExtendWith(SharedGateway.class)
class AgentPathsIT {

    private static final String ACCOUNT = "hostile-paths";
    private static final String UNKNOWN = "subagent_1_123456789012";
    private static GatewayFixture gateway;
    private static Ground ground;
    private static Ground others;

    @BeforeAll
    static void enter(GatewayFixture shared) {
        gateway = shared;
        ground = new Ground(shared, ACCOUNT);
        others = new Ground(shared, "hostile-others");
    }

    @AfterAll
    static void leave() {
        ground.close();
        others.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api",
                "/api/",
                "/API/agents",
                "/api/Agents",
                "/api/agents/",
                "/api//agents",
                "//api/agents",
                "//api//agents",
                "/api/agents;x=1",
                "/api;x=1/agents",
                "/api/agents%00",
                "/api/agents%20",
                "/api/agents%2f",
                "/api%2fagents",
                "/api/%61gents",
                "/api/./agents",
                "/api/x/../agents",
                "/./api/agents",
                "/api/agents/..",
                "/api/agents.json",
                "/api/agents%0d%0aX-Evil:1",
                "/api/agent",
                "/api/agent/",
                "/api/agent//" + UNKNOWN,
                "/api/agent/" + UNKNOWN,
                "/api/agent/" + UNKNOWN + "/",
                "/api/agent/" + UNKNOWN + "/x",
                "/api/agent/" + UNKNOWN + ";x=1",
                "/api/agent/" + UNKNOWN + "%00",
                "/api/agent/" + UNKNOWN + "%0a",
                "/api/agent/subagent_1_1;x=1",
                "/api/agent/subagent_-1_123456789012",
                "/api/agent/subagent_1_12345678901２",
                "/api/agent/..%2f..%2fetc%2fpasswd",
                "/api/agent/../../etc/passwd",
                "/api/agent/%00",
                "/api/agent/*",
                "/api/agent/j1:meta",
                "/actuator/health",
                "/actuator/prometheus",
                "/favicon.ico"
            })
    void aPathThatNamesNothingIsNotFound(String path) {
        // Given
        Request request = Request.get(path).bearer(ground.key());

        // When
        Answer answer = ground.requireRefused(404, request);

        // Then
        assertThat(answer.message()).isEqualTo(unknown().message());
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 500, 4_096})
    void anIdOfAnyLengthIsNotFound(int length) {
        // Given
        Request request = Request.get("/api/agent/" + "9".repeat(length)).bearer(ground.key());

        // When
        Answer answer = ground.requireRefused(404, request);

        // Then
        assertThat(answer.body()).hasSameSizeAs(unknown().body());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aMethodThatAPathDoesNotTakeIsRefusedWithThoseItTakes(Case row) {
        // Given
        Request request = row.request().apply(ground.key());

        // When
        Answer answer = ground.requireRefused(row.status(), request);

        // Then
        assertThat(answer.header("allow")).isEqualTo(row.mention());
    }

    static Stream<Case> methods() {
        return Stream.of(
                method("GET", "/api/spawn", "POST"),
                method("PUT", "/api/spawn", "POST"),
                method("OPTIONS", "/api/spawn", "POST"),
                method("TRACE", "/api/spawn", "POST"),
                method("FOO", "/api/spawn", "POST"),
                method("post", "/api/spawn", "POST"),
                method("POST", "/api/agents", "GET"),
                method("POST", "/api/agent/" + UNKNOWN, "GET, DELETE"),
                method("PATCH", "/api/agent/" + UNKNOWN, "GET, DELETE"));
    }

    private static Case method(String method, String path, String allowed) {
        return new Case(
                method + " " + path,
                405,
                allowed,
                key -> Request.line(method + " " + path + " HTTP/1.1").bearer(key));
    }

    @Test
    void aHeaderCannotChangeTheMethod() {
        // Given
        String id = ground.spawn();
        Request request =
                Request.get("/api/agent/" + id)
                        .bearer(ground.key())
                        .with("X-HTTP-Method-Override: DELETE");

        // When
        Answer answer = ground.send(request);

        // Then
        assertThat(answer.json().path("status").stringValue()).isEqualTo("spawning");
        assertThat(ground.cancel(id).status()).isEqualTo(200);
    }

    @Test
    void anotherAccountsAgentIsAnsweredLikeAnUnknownOne() {
        // Given
        String foreign = others.spawn();
        Traces.Left before = others.traces().now();

        // When
        Answer read = ground.send(Request.get("/api/agent/" + foreign).bearer(ground.key()));
        Answer waited =
                ground.send(Request.get("/api/agent/" + foreign + "?wait=1").bearer(ground.key()));
        Answer cancelled = ground.cancel(foreign);

        // Then
        for (Answer answer : List.of(read, waited, cancelled)) {
            answer.requireProblem(404);
            assertThat(answer.message()).isEqualTo(unknown().message());
            assertThat(answer.headers()).containsOnlyKeys(unknown().headers().keySet());
        }
        others.traces().requireUnchangedSince(before);
        assertThat(others.cancel(foreign).status()).isEqualTo(200);
    }

    @Test
    void cancellingAgainGetsTheSameAnswer() {
        // Given
        String id = ground.spawn();
        Answer first = ground.cancel(id);

        // When
        Answer second = ground.cancel(id);

        // Then
        assertThat(first.status()).isEqualTo(200);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(first.json().path("success").booleanValue()).isTrue();
    }

    @Test
    void tenCancelsAtOnceAllGetTheOneAnswer() {
        // Given
        String id = ground.spawn();

        // When
        List<Answer> answers =
                IntStream.range(0, 10)
                        .mapToObj(n -> CompletableFuture.supplyAsync(() -> ground.cancel(id)))
                        .toList()
                        .stream()
                        .map(CompletableFuture::join)
                        .toList();

        // Then
        assertThat(answers).allMatch(answer -> answer.status() == 200);
        assertThat(answers)
                .extracting(answer -> answer.json().toString())
                .containsOnly(answers.getFirst().json().toString());
    }

    @Test
    void anAgentThatFailedCanNoLongerBeCancelled() throws Exception {
        // Given
        String id = ground.spawn();
        gateway.part(LogWriter.class)
                .append(
                        new EntryCodec<AgentEvent>(Topics.AGENT_EVENTS),
                        new AgentEvent.AgentFailed(
                                new AgentId(id),
                                new AccountId(ACCOUNT),
                                0,
                                null,
                                FailureReason.QUEUE_EXPIRED,
                                Usage.NONE,
                                Metering.REPORTED,
                                Money.ZERO,
                                Instant.now()))
                .get(10, TimeUnit.SECONDS);
        Answer ended =
                ground.send(Request.get("/api/agent/" + id + "?wait=10").bearer(ground.key()));
        assertThat(ended.json().path("status").stringValue()).isEqualTo("failed");

        // When
        Answer answer = ground.cancel(id);

        // Then
        answer.requireProblem(409);
        assertThat(answer.message()).contains("failed");
    }

    @Test
    void anUnknownAgentCannotBeCancelled() {
        // Given
        Request request = Request.delete("/api/agent/" + UNKNOWN).bearer(ground.key());

        // When
        Answer answer = ground.requireRefused(404, request);

        // Then
        assertThat(answer.message()).isEqualTo(unknown().message());
    }

    private static Answer unknown() {
        return ground.send(Request.get("/api/agent/" + UNKNOWN).bearer(ground.key()))
                .requireProblem(404);
    }
}
