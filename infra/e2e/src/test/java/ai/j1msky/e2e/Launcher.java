package ai.j1msky.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs `infra/j1msky` on one data directory, as a person would.
final class Launcher {

    private static final long LIMIT_SECONDS = 300;

    private final Path script = script();
    private final Path data;
    private final Map<String, String> environment;

    Launcher(Path data, Map<String, String> environment) {
        this.data = data;
        this.environment = environment;
    }

    private static Path script() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null) {
            Path script = directory.resolve("infra").resolve("j1msky");
            if (Files.isExecutable(script)) {
                return script;
            }
            directory = directory.getParent();
        }
        throw new IllegalStateException("not inside a checkout: no infra/j1msky above");
    }

    /// Runs a command to its end; what it prints is in `launcher.log` beside the data directory.
    ///
    /// @throws IllegalStateException when it fails or takes too long
    void run(String... command) {
        List<String> line = new ArrayList<>(List.of(script.toString()));
        line.addAll(List.of(command));
        line.addAll(List.of("--data", data.toString()));
        File log = data.resolveSibling("launcher.log").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("J1MSKY_BUILD", "never");
        // A machine that is busy with other things may be slow.
        builder.environment().put("J1MSKY_START_LIMIT", "240");
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + " failed; see " + log + ", " + data + "/logs");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
