package ai.j1msky.gateway.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.gateway.fixture.GatewayFixture;
import ai.j1msky.gateway.fixture.SharedGateway;
import java.util.Base64;
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

    private static Ground ground;

    @BeforeAll
    static void enter(GatewayFixture gateway) {
        ground = new Ground(gateway, "hostile-query");
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
