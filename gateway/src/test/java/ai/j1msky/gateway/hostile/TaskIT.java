package ai.j1msky.gateway.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.gateway.fixture.GatewayFixture;
import ai.j1msky.gateway.fixture.SharedGateway;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// A task may hold any text that is text: it is stored and comes back unchanged, and nothing interprets it.
@ExtendWith(SharedGateway.class)
class TaskIT {

    private static Ground ground;

    @BeforeAll
    static void enter(GatewayFixture gateway) {
        ground = new Ground(gateway, "hostile-task");
    }

    @AfterAll
    static void leave() {
        ground.close();
    }

    private record Text(String name, String value) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aTaskComesBackAsItWasSent(Text task) {
        // Given
        String id = ground.spawn(task.value());

        // When
        Answer answer = ground.send(Request.get("/api/agent/" + id).bearer(ground.key()));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        JsonNode agent = answer.json();
        assertThat(agent.path("task").stringValue().getBytes(UTF_8))
                .isEqualTo(task.value().getBytes(UTF_8));
        assertThat(agent.path("status").stringValue()).isEqualTo("spawning");
        assertThat(ground.cancel(id).status()).isEqualTo(200);
    }

    static Stream<Text> texts() {
        return Stream.of(
                new Text("one character", "x"),
                new Text("100,000 characters", "x".repeat(100_000)),
                new Text("100,000 emoji of four bytes", "😀".repeat(100_000)),
                new Text("NUL and every control character", controls()),
                new Text("line breaks of all kinds", "a\r\nb\nc\rd\u0085e\u2028f\u2029g"),
                new Text("right-to-left override", "safe\u202Etxt.exe"),
                new Text("zero-width and byte order marks", "\ufeffa\u200bb\u2060c\ufeff"),
                new Text("noncharacters", "\ufffe\uffff\udbff\udfff"),
                new Text("combining marks in no normal form", "e\u0301 é \u212b"),
                new Text("terminal escapes", "\u001b[2J\u001b]0;owned\u0007"),
                new Text("JNDI", "${jndi:ldap://127.0.0.1:1/x}"),
                new Text("templates", "{{7*7}} ${7*7} #{T(java.lang.Runtime).getRuntime()} %s %n"),
                new Text("HTML", "<script>alert(1)</script><!-- </title>"),
                new Text("SQL", "'; DROP TABLE agents; --"),
                new Text("Lua", "]] redis.call('FLUSHALL') --[["),
                new Text("RESP", "*1\r\n$8\r\nFLUSHALL\r\n"),
                new Text("looks like a stored position", "@j1msky.spawn.high-0@0"),
                new Text("JSON in JSON", "{\"task\":\"\\\"\\u0000\"}"),
                new Text("blanks around", "  x \n"));
    }

    @Test
    void aNullIsAsGoodAsAnAbsentField() {
        // Given
        String json = Bodies.with("\"timeout\":null,\"priority\":null");

        // When
        Answer answer = ground.send(Request.spawn(ground.key(), json));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        String id = answer.json().path("agent_id").stringValue();
        JsonNode agent = ground.send(Request.get("/api/agent/" + id).bearer(ground.key())).json();
        assertThat(agent.path("timeout").intValue()).isEqualTo(300);
        assertThat(agent.path("priority").stringValue()).isEqualTo("normal");
        assertThat(ground.cancel(id).status()).isEqualTo(200);
    }

    @Test
    void theMediaTypeMayNameTheCharsetInAnyCase() {
        // Given
        Request request =
                Request.post("/api/spawn")
                        .bearer(ground.key())
                        .with("content-type: Application/JSON;charset=UTF-8")
                        .withBody(Bodies.spawn("x").getBytes(UTF_8));

        // When
        Answer answer = ground.send(request);

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(ground.cancel(answer.json().path("agent_id").stringValue()).status())
                .isEqualTo(200);
    }

    private static String controls() {
        StringBuilder text = new StringBuilder("x");
        for (char c = 0; c < 0x20; c++) {
            text.append(c);
        }
        for (char c = 0x7f; c < 0xa0; c++) {
            text.append(c);
        }
        return text.toString();
    }
}
