package ai.j1msky.bench.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a launcher of our own that keeps the real one's promises about files.
class ProductTest {

    private static final String LAUNCHER =
            """
            #!/bin/sh
            # up --data DIR … | down --data DIR
            echo "$@" >> "$3/calls"
            if [ "$1" = up ]; then
              mkdir "$3/run"
              for service in gateway billing worker-1; do
                sleep 300 < /dev/null > /dev/null 2>&1 &
                echo "$! 123456" > "$3/run/$service.pid"
              done
              printf 'GATEWAY_URL=http://127.0.0.1:8123\\nKAFKA_BOOTSTRAP=127.0.0.1:9123\\nREDIS_PORT=6123\\n' \
                > "$3/run/ports.env"
              echo dev_sk_sample > "$3/run/dev.key"
            else
              kill "$(cut -d' ' -f1 "$3/run/gateway.pid")"
            fi
            """;

    @TempDir Path checkout;
    @TempDir Path directory;

    @BeforeEach
    void installLauncher() throws IOException {
        install(LAUNCHER);
    }

    @Test
    void whatTheLauncherWroteIsFoundAgain() {
        try (Product product = new Product(checkout, directory)) {
            // When
            Duration readyAfter = product.up();

            // Then
            assertThat(readyAfter).isPositive();
            assertThat(product.gateway().getPort()).isEqualTo(8123);
            assertThat(product.backends()).isEqualTo(new Backends("127.0.0.1:9123", 6123));
            assertThat(product.devKey()).isEqualTo("dev_sk_sample");
            assertThat(product.pids()).containsOnlyKeys("billing", "gateway", "worker-1");
            assertThat(directory.resolve("config.json")).content().contains("concurrent_agents");
        }
    }

    @Test
    void frozenWorkersAreEndedAndTheRestIsLeftToTheLauncher() throws Exception {
        // Given
        Product product = new Product(checkout, directory);
        product.up();
        ProcessHandle worker = ProcessHandle.of(product.pidOf("worker-1")).orElseThrow();
        ProcessHandle gateway = ProcessHandle.of(product.pidOf("gateway")).orElseThrow();
        product.freezeWorkers();

        // When
        product.close();

        // Then
        worker.onExit().get();
        gateway.onExit().get();
        assertThat(directory.resolve("calls")).content().contains("down --data " + directory);
    }

    @Test
    void aLauncherThatFailsIsQuoted() throws IOException {
        // Given
        install("#!/bin/sh\necho 'Port 8080 is taken.' >&2\nexit 1\n");
        Product product = new Product(checkout, directory);

        // Then
        assertThatThrownBy(product::up)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("j1msky up failed: Port 8080 is taken.");
    }

    private void install(String script) throws IOException {
        Path launcher = checkout.resolve("infra/j1msky");
        Files.createDirectories(launcher.getParent());
        Files.writeString(launcher, script);
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
