package ai.j1msky.infra.local.requests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlayerTest {

    private static final String FILE =
            """
            @url = http://127.0.0.1:1

            ### Spawn
            # @name spawn
            # expect 200
            POST {{url}}/api/spawn
            Authorization: Bearer {{dev_key}}

            {"model": "k2p5"}

            ### Get
            # expect 200 status=completed
            GET {{url}}/api/agent/{{spawn.response.body.agent_id}}
            """;

    private final List<String> requests = new ArrayList<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private HttpServer gateway;
    private Player player;
    private String status = "completed";

    @BeforeEach
    void start() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        gateway.createContext("/", this::handle);
        gateway.start();
        player =
                new Player(
                        Map.of(
                                "url",
                                "http://127.0.0.1:" + gateway.getAddress().getPort(),
                                "dev_key",
                                "dev_sk_secret"),
                        new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        gateway.stop(0);
    }

    @Test
    void aLaterRequestTakesItsIdFromAnEarlierAnswer() throws InterruptedException {
        // Given
        RequestFile file = RequestFile.parse(FILE);

        // When
        int wrong = player.play(file);

        // Then
        assertThat(wrong).isZero();
        assertThat(requests)
                .containsExactly(
                        "POST /api/spawn Bearer dev_sk_secret {\"model\": \"k2p5\"}",
                        "GET /api/agent/subagent_1 null ");
    }

    @Test
    void aWrongAnswerIsCountedAndNamedWithoutTheKey() throws InterruptedException {
        // Given
        status = "failed";
        RequestFile file = RequestFile.parse(FILE);

        // When
        int wrong = player.play(file);

        // Then
        assertThat(wrong).isOne();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("WRONG 200 GET    Get: status is failed")
                .doesNotContain("dev_sk_secret");
    }

    @Test
    void aGatewayThatDoesNotAnswerIsAWrongAnswer() throws InterruptedException {
        // Given
        gateway.stop(0);
        RequestFile file = RequestFile.parse(FILE);

        // When
        int wrong = player.play(file);

        // Then
        assertThat(wrong).isEqualTo(2);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(
                exchange.getRequestMethod()
                        + " "
                        + exchange.getRequestURI()
                        + " "
                        + exchange.getRequestHeaders().getFirst("Authorization")
                        + " "
                        + body);
        byte[] answer =
                ("{\"agent_id\":\"subagent_1\",\"status\":\"" + status + "\"}")
                        .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}
