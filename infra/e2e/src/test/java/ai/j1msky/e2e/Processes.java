package ai.j1msky.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/// The product's processes, known by the launcher's pid files.
final class Processes {

    static final List<String> ALL =
            List.of("kafka", "redis", "gateway", "billing", "notifier", "worker-1", "worker-2");

    private final Path run;

    Processes(Path data) {
        this.run = data.resolve("run");
    }

    /// Ends it without warning, as `kill -9` does; returns when it is gone.
    void kill(String service) {
        ProcessHandle process =
                find(service).orElseThrow(() -> new IllegalStateException(service + " is gone"));
        process.destroyForcibly();
        Awaitility.await(service + " to be gone")
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive());
    }

    /// Asks it to end, as an operator who restarts it does; returns when it is gone.
    void terminate(String service) {
        ProcessHandle process = find(service).orElseThrow();
        process.destroy();
        Awaitility.await(service + " to be gone")
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive());
    }

    long pid(String service) {
        return find(service).orElseThrow().pid();
    }

    boolean isAlive(String service) {
        return find(service).isPresent();
    }

    /// Stops it from running without ending it.
    void freeze(String service) {
        signal(service, "-STOP");
    }

    void resume(String service) {
        signal(service, "-CONT");
    }

    private void signal(String service, String signal) {
        signal(pid(service), signal);
    }

    static void signal(long pid, String signal) {
        try {
            Process kill = new ProcessBuilder("kill", signal, Long.toString(pid)).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("cannot signal process " + pid);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private Optional<ProcessHandle> find(String service) {
        Path file = run.resolve(service + ".pid");
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                    .filter(ProcessHandle::isAlive);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
