package ai.j1msky.e2e;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.infra.local.FreePort;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the launcher refuses: one sentence, a non-zero exit, nothing left running.
class LauncherIT {

    @TempDir private Path directory;

    private final Launcher launcher = new Launcher(Map.of());

    @Test
    void aTakenPortIsNamedAndNothingStarts() throws Exception {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            // When
            Launcher.Outcome outcome = up("--port", port);

            // Then
            assertThatOneSentenceRefuses(outcome, "Port " + port + " is taken");
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void withoutJdk25ItSaysHowToGetIt() throws Exception {
        // Given
        Path tools = Files.createDirectory(directory.resolve("tools"));
        for (String tool : new String[] {"bash", "readlink", "dirname", "sed", "head"}) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
        }
        String nowhere = directory.resolve("nowhere").toString();
        Launcher bare =
                new Launcher(
                        Map.of(
                                "PATH", tools.toString(),
                                "HOME", nowhere,
                                "JAVA_HOME", nowhere,
                                "J1MSKY_JDK_DIR", nowhere));

        // When
        Launcher.Outcome outcome = bare.run("up", "--data", data());

        // Then
        assertThatOneSentenceRefuses(outcome, "J1MSKY needs JDK 25");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsNamed() throws Exception {
        // Given
        Files.createFile(directory.resolve("data"));

        // When
        Launcher.Outcome outcome = up();

        // Then
        assertThatOneSentenceRefuses(outcome, "Cannot write to " + data());
    }

    @Test
    void aMissingConfigurationFileIsNamed() throws Exception {
        // When
        Launcher.Outcome outcome = up("--config", "nowhere.json");

        // Then
        assertThatOneSentenceRefuses(outcome, "nowhere.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--unknown", "--port", "extra"})
    void anOptionThatIsUnknownOrHasNoValueIsNamed(String option) throws Exception {
        // When
        Launcher.Outcome outcome = up(option);

        // Then
        assertThatOneSentenceRefuses(outcome, option);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "http", "-1"})
    void whatIsNoPortIsRefused(String port) throws Exception {
        // When
        Launcher.Outcome outcome = up("--port", port);

        // Then
        assertThatOneSentenceRefuses(outcome, "--port must be a number from 1 to 65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "a:b"})
    void aPathThatKafkaOrJavaWouldSplitIsRefused(String name) throws Exception {
        // When
        Launcher.Outcome outcome = launcher.run("up", "--data", directory.resolve(name).toString());

        // Then
        assertThatOneSentenceRefuses(outcome, "must not hold a comma or a colon");
    }

    @Test
    void aDirectoryWithOtherThingsInItIsLeftAsItIs() throws Exception {
        // Given
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createFile(data.resolve("thesis.txt"));

        // When
        Launcher.Outcome outcome = up();

        // Then
        assertThatOneSentenceRefuses(outcome, "neither empty nor a data directory of J1MSKY");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwxr-xr-x");
        assertThat(data).isDirectoryNotContaining(file -> !file.endsWith("thesis.txt"));
    }

    @Test
    void anAddressOfAnotherMachineIsNamedAndNothingIsLeft() throws Exception {
        // When
        Launcher.Outcome outcome = up("--bind", "192.0.2.1", "--port", freePort());

        // Then
        assertThatOneSentenceRefuses(outcome, "192.0.2.1 is not an address of this machine");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aMissingMasterKeyOfDataThatAreThereIsNotReplaced() throws Exception {
        // Given
        Path run = Files.createDirectories(directory.resolve("data/run"));
        Files.createFile(run.resolve("up.lock"));
        Files.createDirectory(directory.resolve("data/kafka"));
        Files.createFile(directory.resolve("data/kafka/meta.properties"));

        // When
        Launcher.Outcome outcome = up("--port", freePort());

        // Then
        assertThatOneSentenceRefuses(outcome, "put it back from your backup");
        assertThat(directory.resolve("data/kafka/meta.properties")).exists();
    }

    @Test
    void helpIsThereForEveryCommand() throws Exception {
        // When
        Launcher.Outcome outcome = launcher.run("--data", data(), "up", "--help");

        // Then
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).startsWith("usage: ");
    }

    @Test
    void whatWasNeverStartedIsSaidWithTheCommandThatStartsIt() throws Exception {
        // When
        Launcher.Outcome outcome = launcher.run("--data", data(), "status");

        // Then
        assertThatOneSentenceRefuses(outcome, "infra/j1msky up --data " + data());
    }

    @Test
    void whatEndedOrIsPausedIsSaidAndStartedAgain() throws Exception {
        // Given
        Path left = Files.createDirectories(directory.resolve("data/spool/worker-3"));
        Files.writeString(left.resolve("1.event"), "of a worker that does not run any more");
        Files.createFile(Files.createDirectory(directory.resolve("data/run")).resolve("up.lock"));
        Processes processes = new Processes(directory.resolve("data"));
        try {
            assertThat(up("--detach", "--port", freePort()).exitCode()).isZero();
            processes.kill("worker-1");
            processes.kill("billing");
            processes.freeze("gateway");

            // When
            Launcher.Outcome ended = launcher.run("status", "--data", data());
            Launcher.Outcome two = launcher.run("start", "worker-1 redis", "--data", data());
            Launcher.Outcome again = launcher.run("start", "worker-1", "--data", data());
            Launcher.Outcome books = launcher.run("start", "billing", "--data", data());
            processes.resume("gateway");
            Launcher.Outcome whole = launcher.run("status", "--data", data());

            // Then
            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.err()).startsWith("Stopped: billing worker-1; ").hasLineCount(1);
            assertThat(ended.out()).containsPattern("gateway .* paused .* paused\n");
            assertThat(two.err()).startsWith("Unknown service: worker-1 redis; ");
            assertThat(again.exitCode()).as(again.err()).isZero();
            assertThat(books.exitCode()).as(books.err()).isZero();
            assertThat(whole.exitCode()).as(whole.out()).isZero();
            Path unreadable = directory.resolve("data/spool/worker-1/1.event.unreadable");
            await().atMost(ofMinutes(1)).until(() -> Files.exists(unreadable));
        } finally {
            launcher.succeed("down", "--data", data());
        }
    }

    @Test
    void downEndsAStartHalfWay() throws Exception {
        // Given
        Launcher.Running up = launcher.start("up", "--data", data(), "--port", freePort());
        Path kafka = directory.resolve("data/run/kafka.pid");
        await().atMost(ofMinutes(2)).until(() -> Files.exists(kafka) || !up.process().isAlive());

        // When
        Launcher.Outcome down = launcher.run("down", "--data", data());

        // Then
        assertThat(down.out()).isEqualTo("Stopped.\n");
        Launcher.Outcome outcome = up.end();
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).endsWith("Stopped by down.\n").doesNotContain("Exception");
        assertThat(kafka).doesNotExist();
    }

    @Test
    void downWithNothingRunningIsNoMistake() throws Exception {
        // When
        Launcher.Outcome outcome = launcher.run("down", "--data", data());

        // Then
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).startsWith("Nothing runs on");
    }

    @Test
    void aStalePidFileNeverStopsAStranger() throws Exception {
        // Given
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Path run = Files.createDirectories(directory.resolve("data/run"));
            Files.writeString(run.resolve("gateway.pid"), stranger.pid() + "\n");
            Files.writeString(run.resolve("gateway.started"), "1\n");

            // When
            Launcher.Outcome outcome = launcher.run("down", "--data", data());

            // Then
            assertThat(outcome.exitCode()).isZero();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    private Launcher.Outcome up(String... options) throws Exception {
        String[] command = new String[options.length + 4];
        command[0] = "up";
        command[1] = "--data";
        command[2] = data();
        command[3] = "--no-demo";
        System.arraycopy(options, 0, command, 4, options.length);
        return launcher.run(command);
    }

    private static String freePort() {
        return Integer.toString(FreePort.pick());
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private void assertThatOneSentenceRefuses(Launcher.Outcome outcome, String part) {
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains(part).hasLineCount(1);
        assertThat(directory.resolve("data/run/kafka.pid")).doesNotExist();
    }
}
