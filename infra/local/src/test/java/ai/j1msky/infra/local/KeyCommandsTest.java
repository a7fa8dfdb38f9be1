package ai.j1msky.infra.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandsTest {

    private final List<String> requests = new ArrayList<>();
    private HttpServer gateway;
    private KeyCommands keys;
    private int status = 200;
    private String answer = "{}";

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        gateway.createContext("/", this::handle);
        gateway.start();
        Path keyFile = Files.writeString(directory.resolve("admin.key"), "a-key\n");
        keys =
                new KeyCommands(
                        ApiClient.of(
                                "http://127.0.0.1:" + gateway.getAddress().getPort(), keyFile));
    }

    @AfterEach
    void stop() {
        gateway.stop(0);
    }

    @Test
    void creatingAKeyAnswersNothingButItsText() {
        // Given
        answer = "{\"success\":true,\"key_id\":\"key_1\",\"key\":\"dev_sk_abc\"}";

        // When
        String text = keys.create("laptop", "dev", List.of("agents:read"));

        // Then
        assertThat(text).isEqualTo("dev_sk_abc");
        assertThat(requests.getFirst())
                .startsWith("POST /api/keys Bearer a-key ")
                .contains("\"name\":\"laptop\"", "\"scopes\":[\"agents:read\"]");
    }

    @Test
    void theListIsATableWithoutSecrets() {
        // Given
        answer =
                """
                {"keys":[{"key_id":"key_1","name":"laptop","env":"dev","prefix":"dev_sk_ab","last_four":"wxyz",
                "scopes":["agents:read","admin"],"created":"2026-01-01T00:00:00Z","last_used":null}]}""";

        // When
        String table = keys.list();

        // Then
        assertThat(table.lines()).hasSize(2);
        assertThat(table).contains("KEY ID", "dev_sk_ab…wxyz", "agents:read,admin");
    }

    @Test
    void aRefusalIsTheGatewaysOwnSentence() {
        // Given
        status = 403;
        answer = "{\"error\":{\"code\":403,\"message\":\"This key may not do that.\"}}";

        // When
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> keys.revoke("key_1"))

                // Then
                .withMessage("The gateway answered 403: This key may not do that.");
    }

    @Test
    void aKeyThatIsNotThereIsNamed() {
        // Given
        status = 404;
        answer = "{\"error\":{\"code\":404,\"message\":\"There is no such thing.\"}}";

        // When
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> keys.revoke("key_1"))

                // Then
                .withMessage("No such key: key_1.");
    }

    @Test
    void whatIsNotAKeyIdIsNotSent() {
        // When
        assertThatExceptionOfType(UsageException.class).isThrownBy(() -> keys.revoke("../agents"));

        // Then
        assertThat(requests).isEmpty();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(
                "%s %s %s %s"
                        .formatted(
                                exchange.getRequestMethod(),
                                exchange.getRequestURI(),
                                exchange.getRequestHeaders().getFirst("Authorization"),
                                body));
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
