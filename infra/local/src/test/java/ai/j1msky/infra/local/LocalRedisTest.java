package ai.j1msky.infra.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRedisTest {

    @TempDir private Path directory;

    @Test
    void whatWasWrittenIsThereAfterARestart() throws IOException {
        // Given
        int port;
        try (LocalRedis first = LocalRedis.start(directory, 0)) {
            port = first.port();
            assertThat(ask(first, "SET colour blue")).isEqualTo("+OK");
        }

        // When
        try (LocalRedis second = LocalRedis.start(directory, port)) {

            // Then
            assertThat(ask(second, "PING")).isEqualTo("+PONG");
            assertThat(ask(second, "STRLEN colour")).isEqualTo(":4");
        }
    }

    @Test
    void itRefusesToForgetWhenMemoryRunsOut() throws IOException {
        // Given
        try (LocalRedis redis = LocalRedis.start(directory, 0)) {
            ask(redis, "CONFIG SET maxmemory 1");

            // When
            String answer = ask(redis, "SET colour blue");

            // Then
            assertThat(answer).startsWith("-OOM");
        }
    }

    @Test
    void aKilledRedisIsGone() {
        // Given
        LocalRedis redis = LocalRedis.start(directory, 0);
        long pid = redis.pid();

        // When
        redis.kill();

        // Then
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    }

    private static String ask(LocalRedis redis, String command) throws IOException {
        try (Socket socket = new Socket(redis.host(), redis.port());
                BufferedReader answers =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            return answers.readLine();
        }
    }
}
