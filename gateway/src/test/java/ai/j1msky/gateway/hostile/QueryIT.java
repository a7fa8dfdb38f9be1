package ai.j1msky.gateway.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.apikey.Scope;
import ai.j1msky.gateway.fixture.GatewayFixture;
import ai.j1msky.gateway.fixture.SharedGateway;
import java.util.Base64;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Query parameters are read as strictly as bodies: known, once, and within bounds, or 400.
@ExtendWith(SharedGateway.class)
class QueryIT {

    private static final String ACCOUNT = "hostile-query";
    private static GatewayFixture gateway;
    private static Ground ground;

    @BeforeAll
    static void enter(GatewayFixture shared) {
        gateway = shared;
        ground = new Ground(shared, ACCOUNT);
    }

    @AfterAll
    static void leave() {
        ground.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=-1",
                "limit=0",
                "limit=201",
                "limit=1e9",
                "limit=2147483648",
                "limit=99999999999999999999",
                "limit=abc",
                "limit=",
                "limit",
                "limit=%31%00",
                "limit=+1",
                "limit=%2B1",
                "limit=1%20",
                "limit=1.0",
                "limit=0x10",
                "limit=%D9%A1",
                "limit=1&limit=1000",
                "limit=1&limit=1",
                "limit[]=1",
                "limit=1;limit=2",
                "Limit=1",
                "status=x",
                "status=completed",
                "status=RUNNING",
                "status=",
                "status=running,spawning",
                "model=gpt",
                "model=K2P5",
                "model=",
                "cursor=garbage",
                "cursor=",
                "cursor=%00",
                "cursor=AAAA",
                "cursor=..%2f..",
                "api_key=x",
                "unknown=1",
                "=1"
            })
    void aListIsNotMadeOfNonsense(String query) {
        // Given
        Request request = Request.get("/api/agents?" + query).bearer(ground.key());

        // When
        Answer answer = ground.requireRefused(400, request);

        // Then
        assertThat(answer.message()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("cursors")
    void aCursorThatWasNotGivenOutIsRefused(String plain) {
        // Given
        String cursor =
                Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(UTF_8));
        Request request = Request.get("/api/agents?cursor=" + cursor).bearer(ground.key());

        // When
        Answer answer = ground.requireRefused(400, request);

        // Then
        assertThat(answer.message()).contains("cursor");
    }

    static Stream<String> cursors() {
        return Stream.of(
                ":",
                "1",
                "1:",
                ":subagent_1_123456789012",
                "x:subagent_1_123456789012",
                "1:subagent_1_123456789012:",
                "1:j1:meta",
                "9223372036854775808:subagent_1_123456789012",
                "-1:subagent_1_123456789012",
                "+1:subagent_1_123456789012",
                "1 :subagent_1_123456789012",
                "1:subagent_1_123456789012\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"wait=-1", "wait=61", "wait=1.5", "wait=x", "wait=", "wait=1&wait=2", "x=1"})
    void aWaitIsBounded(String query) {
        // Given
        String path = "/api/agent/subagent_1_123456789012?";
        Request request = Request.get(path + query).bearer(ground.key());

        // When
        Answer answer = ground.requireRefused(400, request);

        // Then
        assertThat(answer.message()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("withoutParameters")
    void whereNoParameterIsKnownNoneIsTaken(Case row) {
        // Given
        Request request = row.request().apply(ground.key());

        // When
        Answer answer = ground.requireRefused(row.status(), request);

        // Then
        assertThat(answer.message()).contains(row.mention());
    }

    static Stream<Case> withoutParameters() {
        String admin = gateway.key(ACCOUNT, Scope.ADMIN);
        byte[] spawn = Bodies.spawn("x").getBytes(UTF_8);
        byte[] mint =
                "{\"name\":\"n\",\"env\":\"dev\",\"scopes\":[\"admin\"]}".getBytes(UTF_8);
        return Stream.of(
                surplus("spawn", key -> json("/api/spawn?wait=1", key).withBody(spawn)),
                surplus("create a key", key -> json("/api/keys?env=live", admin).withBody(mint)),
                surplus("list keys", key -> Request.get("/api/keys?account=x").bearer(admin)));
    }

    private static Case surplus(String name, Function<String, Request> request) {
        return new Case(name, 400, "Unknown query parameter", request);
    }

    private static Request json(String target, String key) {
        return Request.post(target).bearer(key).with("Content-Type: application/json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=%",
                "limit=%zz",
                "limit=%1",
                "a|b",
                "x=\"",
                "x=<script>",
                "x={}",
                "x=\\",
                "x=^`"
            })
    void aQueryThatIsNoQueryIsRefusedInTheEnvelope(String query) {
        // Given
        Request request = Request.get("/api/agents?" + query).bearer(ground.key());

        // When
        Answer answer = ground.requireRefused(400, request);

        // Then
        assertThat(answer.message()).isNotBlank();
    }
}
