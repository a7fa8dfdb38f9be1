package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
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
