package ai.j1msky.worker.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.config.ProviderConfig;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalServersTest {

    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;
    private int status = 200;
    private String answer =
            "{\"object\":\"list\",\"data\":[{\"id\":\"llama3.2:3b\"},{\"id\":\"qwen\"}]}";

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/models", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        byte[] body = answer.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Location", "/v1/models");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private URI place() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    private List<LocalServers.Found> look(ProviderConfig... configured) {
        return LocalServers.look(Map.of("ollama", place()), List.of(configured));
    }

    private static ProviderConfig provider(URI url) {
        return new ProviderConfig(
                "mine",
                ProviderConfig.Wire.OPENAI,
                url,
                "MINE",
                true,
                Duration.ofSeconds(30),
                24,
                0);
    }

    @Test
    void aServerAndItsModelsAreFound() {
        assertThat(look())
                .containsExactly(
                        new LocalServers.Found("ollama", place(), List.of("llama3.2:3b", "qwen")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]"})
    void oneThatIsConfiguredIsNotOfferedAgain(String host) {
        // When
        List<LocalServers.Found> found =
                look(
                        provider(
                                URI.create(
                                        "http://"
                                                + host
                                                + ":"
                                                + server.getAddress().getPort()
                                                + "/v1")));

        // Then
        assertThat(found).isEmpty();
        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[]", "{}", "{\"data\":{}}", "{\"data\":", "null"})
    void whatIsNoListOfModelsIsNoServer(String body) {
        answer = body;

        assertThat(look()).isEmpty();
    }

    @Test
    void namesThatDoNotBelongInALogAreLeftOut() {
        answer = "{\"data\":[{\"id\":\"a\\nb\"},{},{\"id\":\"\"},{\"id\":\"ok\"},3]}";

        assertThat(look()).extracting(LocalServers.Found::models).containsExactly(List.of("ok"));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 401, 404, 500})
    void anotherStatusIsNoServer(int code) {
        status = code;

        assertThat(look()).isEmpty();
        assertThat(asked).hasValue(1);
    }

    @Test
    void whereNobodyListensNothingIsFound() {
        server.stop(0);

        assertThat(look()).isEmpty();
    }
}
