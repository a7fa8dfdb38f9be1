package ai.j1msky.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.infra.local.FreePort;
import ai.j1msky.infra.testkit.Infrastructure;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerMainIT {

    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir private Path directory;

    @Test
    void theProcessServesItsHealthAndStopsCleanly() throws Exception {
        // Given
        int port = FreePort.pick();
        Path keyset = directory.resolve("master.json");
        MasterKey.create(keyset);
        Process process = start(port, List.of("--j1msky.master-keyset=" + keyset));
        try {
            await().atMost(LONG)
                    .until(() -> get(port, "/actuator/health/readiness").contains("UP"));
            await().atMost(LONG)
                    .until(() -> get(port, "/actuator/prometheus").contains("j1msky_node_slots"));

            // When
            process.destroy();

            // Then
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(output()).contains("worker takes work", "worker stopped");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aWrongConfigurationIsToldInOneSentenceEach() throws Exception {
        // Given
        Path config = directory.resolve("config.json");
        Files.writeString(config, "{\"concurrent_agents\": -1, \"nonsense\": true}");

        // When
        Process process = start(FreePort.pick(), List.of("--j1msky.config=" + config));

        // Then
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(output()).contains("concurrent_agents", "nonsense").doesNotContain("\tat ");
    }

    private Process start(int port, List<String> more) throws IOException {
        Infrastructure infrastructure = Infrastructure.get();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx192m",
                                "-cp",
                                classPath(),
                                WorkerMain.class.getName(),
                                "--server.port=" + port,
                                "--spring.kafka.bootstrap-servers="
                                        + infrastructure.kafkaBootstrap(),
                                "--spring.data.redis.host=" + infrastructure.redisHost(),
                                "--spring.data.redis.port=" + infrastructure.redisPort(),
                                "--j1msky.worker.spool-dir=" + directory.resolve("spool")));
        command.addAll(more);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
    }

    /// Without the tests' own classes, whose logging set-up would be found first.
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    private static String get(int port, String path) throws InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + port + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(address).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException notYet) {
            return "";
        }
    }
}
