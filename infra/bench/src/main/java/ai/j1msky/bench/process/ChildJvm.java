package ai.j1msky.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A JVM of the same JDK and class path as this one, with another main class.
public final class ChildJvm implements AutoCloseable {

    private static final long START_SECONDS = 60;
    private static final long STOP_SECONDS = 15;

    private final Process process;
    private final String readyLine;

    private ChildJvm(Process process, String readyLine) {
        this.process = process;
        this.readyLine = readyLine;
    }

    /// Starts it and returns when it has printed a line that contains `ready`.
    ///
    /// @throws IllegalStateException when it ends or stays silent for a minute instead
    public static ChildJvm start(
            List<String> flags, Class<?> main, List<String> arguments, String ready) {
        Process process = launch(flags, main, arguments);
        CompletableFuture<String> line = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> readOutput(process, ready, line));
        try {
            return new ChildJvm(process, line.get(START_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException notReady) {
            process.destroyForcibly();
            throw new IllegalStateException(main.getSimpleName() + " did not start", notReady);
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a process started", interrupted);
        }
    }

    /// The line that said it was ready.
    public String readyLine() {
        return readyLine;
    }

    public long pid() {
        return process.pid();
    }

    /// Asks the process to end and waits; after 15 s it is killed.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static Process launch(List<String> flags, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(flags);
        command.add("-Dlogback.configurationFile=bench-logback.xml");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException unstartable) {
            throw new UncheckedIOException("cannot start " + main.getSimpleName(), unstartable);
        }
    }

    private static void readOutput(Process process, String ready, CompletableFuture<String> line) {
        try (BufferedReader output = process.inputReader()) {
            for (String next = output.readLine(); next != null; next = output.readLine()) {
                if (next.contains(ready)) {
                    line.complete(next);
                }
            }
            line.completeExceptionally(new IllegalStateException("the process ended"));
        } catch (IOException closed) {
            line.completeExceptionally(closed);
        }
    }
}
