package ai.j1msky.bench.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs the project's launcher script on one data directory.
final class Launcher {

    private static final long LONGEST_MINUTES = 20; // a first build included
    private static final long ABANDON_SECONDS = 40;
    private static final int LAST_LINES = 5;

    private final Path checkout;
    private final Path directory;
    private volatile @Nullable Process running;

    Launcher(Path checkout, Path directory) {
        this.checkout = checkout;
        this.directory = directory;
    }

    /// Runs one command of the script to its end.
    ///
    /// @throws IllegalStateException with the last lines it printed, when it fails
    void run(String command, String... options) {
        run(Map.of(), command, options);
    }

    /// @param variables of its environment, beside this process's own
    void run(Map<String, String> variables, String command, String... options) {
        List<String> words = new ArrayList<>();
        words.add(checkout.resolve("infra/j1msky").toString());
        words.add(command);
        words.add("--data");
        words.add(directory.toString());
        words.addAll(List.of(options));
        try {
            // To a file: services that stay behind would keep a pipe open. Not in the data
            // directory: `up` takes none that holds anything else.
            Path output = Files.createTempFile("j1msky-bench", ".log");
            try {
                await(variables, command, words, output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException unstartable) {
            throw new UncheckedIOException("cannot run infra/j1msky", unstartable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during j1msky " + command, interrupted);
        }
    }

    private void await(
            Map<String, String> variables, String command, List<String> words, Path output)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        running = process;
        boolean ended = process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES);
        if (!ended || process.exitValue() != 0) {
            throw new IllegalStateException("j1msky " + command + " failed: " + lastLines(output));
        }
    }

    /// Asks a script that still runs to end; it then stops what it has started.
    void abandon() {
        Process process = running;
        if (process == null || !process.isAlive()) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(ABANDON_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String lastLines(Path output) throws IOException {
        List<String> lines = Files.readAllLines(output);
        return String.join(
                System.lineSeparator(),
                lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}
