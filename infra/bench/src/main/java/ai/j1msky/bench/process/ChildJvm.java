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
    private final CompletableFuture<String> ready = new CompletableFuture<>();

    private ChildJvm(Process process) {
        this.process = process;
    }

    /// Starts it and returns when it has printed a line that contains `ready`. It ends with the cleanup, also when
    /// that comes before it is ready.
    ///
    /// @throws IllegalStateException when it ends or stays silent for a minute instead
    public static ChildJvm start(
            Cleanup cleanup,
            List<String> flags,
            Class<?> main,
            List<String> arguments,
            String ready) {
        ChildJvm child = cleanup.add(new ChildJvm(launch(flags, main, arguments)));
        // A platform thread: reading a pipe holds a virtual one's carrier, and there are two.
        Thread.ofPlatform().daemon().start(() -> child.readOutput(ready));
        try {
            child.ready.get(START_SECONDS, TimeUnit.SECONDS);
            return child;
        } catch (ExecutionException | TimeoutException notReady) {
            throw new IllegalStateException(main.getSimpleName() + " did not start", notReady);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a process started", interrupted);
        }
    }

    /// The line that said it was ready.
    public String readyLine() {
        return ready.join();
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

    private void readOutput(String wanted) {
        try (BufferedReader output = process.inputReader()) {
            for (String next = output.readLine(); next != null; next = output.readLine()) {
                if (next.contains(wanted)) {
                    ready.complete(next);
                }
            }
            ready.completeExceptionally(new IllegalStateException("the process ended"));
        } catch (IOException closed) {
            ready.completeExceptionally(closed);
        }
    }
}
