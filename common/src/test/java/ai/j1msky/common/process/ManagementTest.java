package ai.j1msky.common.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementTest {

    private final AtomicBoolean ready = new AtomicBoolean();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Management management;

    ManagementTest() throws IOException {
        management = new Management(0, ProcessMeters.registry(), ready::get);
        management.start();
    }

    @AfterEach
    void close() {
        management.close();
        http.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/readiness"})
    void itIsReadyOnceItFollowsTheLog(String path) throws Exception {
        // Given
        int before = get(path).statusCode();
        ready.set(true);

        // When
        HttpResponse<String> after = get(path);

        // Then
        assertThat(before).isEqualTo(503);
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(after.body()).isEqualTo("{\"status\":\"UP\"}");
    }

    @Test
    void itLivesBeforeItIsReady() throws Exception {
        assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    }

    @Test
    void itsMetricsAreForPrometheus() throws Exception {
        assertThat(get("/actuator/prometheus").body())
                .contains("jvm_memory_used_bytes", "process_uptime_seconds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/actuator", "/actuator/health/other", "/actuator/healthy"})
    void nothingElseIsThere(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(
                            () ->
                                    new Management(
                                            taken.getLocalPort(),
                                            ProcessMeters.registry(),
                                            ready::get))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "Port %d cannot be used: Address already in use.",
                            taken.getLocalPort());
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + management.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
