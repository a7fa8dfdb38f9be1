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

/// Runs `infra/j1msky` of this checkout as a person at a terminal would.
final class Launcher {

    private static final int PATIENCE_MINUTES = 5;

    /// What one run said and how it ended.
    record Outcome(int exitCode, String out, String err) {}

    private final Path script = checkout().resolve("infra/j1msky");
    private final Map<String, String> environment;

    /// @param environment set over this JVM's own
    Launcher(Map<String, String> environment) {
        this.environment = environment;
    }

    /// A run that goes on; its output is in files.
    record Running(Process process, Path out, Path err) {

        /// Waits for its end.
        Outcome end() throws IOException, InterruptedException {
            try {
                if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                    process.destroy(); // SIGTERM: the script stops what it started
                    throw new IllegalStateException("the launcher did not end");
                }
                return new Outcome(
                        process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        }
    }

    /// Runs a command to its end.
    Outcome run(String... arguments) throws IOException, InterruptedException {
        return start(arguments).end();
    }

    /// Runs a command to its end.
    ///
    /// @throws IllegalStateException when it fails; the message is what it said
    void succeed(String... arguments) {
        try {
            Outcome outcome = run(arguments);
            if (outcome.exitCode() != 0) {
                throw new IllegalStateException(
                        String.join(" ", arguments) + " failed: " + outcome.out() + outcome.err());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /// Starts a command.
    Running start(String... arguments) throws IOException {
        Path out = Files.createTempFile("launcher-", ".out");
        Path err = Files.createTempFile("launcher-", ".err");
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // The reactor has built the jars already.
        builder.environment().put("J1MSKY_BUILD", "never");
        builder.environment().putAll(environment);
        return new Running(builder.start(), out, err);
    }

    private static Path checkout() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && Files.notExists(directory.resolve("infra/j1msky"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException("infra/j1msky is in no parent directory");
        }
        return directory;
    }
}
