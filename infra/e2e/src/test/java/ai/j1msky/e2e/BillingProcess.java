package ai.j1msky.e2e;

import ai.j1msky.infra.local.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/// A billing that a test has started by hand, as the launcher starts its own: the same program, flags and settings.
final class BillingProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    private final String node;
    private final Process process;
    private final int port;
    private final Path log;

    /// How a running billing was started.
    record Recipe(List<String> command, Map<String, String> environment) {

        static Recipe of(long pid) {
            Path files = Path.of("/proc", Long.toString(pid));
            return new Recipe(
                    words(files.resolve("cmdline")),
                    words(files.resolve("environ")).stream()
                            .map(line -> line.split("=", 2))
                            .filter(pair -> pair.length == 2)
                            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
        }

        private static List<String> words(Path file) {
            try {
                String text = Files.readString(file, StandardCharsets.UTF_8);
                return Arrays.stream(text.split("\0", -1)).filter(word -> !word.isEmpty()).toList();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private BillingProcess(String node, Process process, int port, Path log) {
        this.node = node;
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /// @param node its name
    /// @param more set over the recipe's environment
    static BillingProcess start(Recipe recipe, String node, Map<String, String> more) {
        int port = FreePort.pick();
        Path logs = Path.of(recipe.environment().getOrDefault("LOGGING_FILE_NAME", "")).getParent();
        Path log = logs.resolve("by-hand-" + node + ".log");
        Map<String, String> environment = new HashMap<>(recipe.environment());
        environment.put("J1MSKY_NODE", node);
        environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(port));
        environment.put("LOGGING_FILE_NAME", log.toString());
        environment.putAll(more);
        ProcessBuilder builder =
                new ProcessBuilder(recipe.command())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        logs.resolve("by-hand-" + node + ".out").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new BillingProcess(node, builder.start(), port, log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Waits until it knows its part in the group.
    BillingProcess awaitFollowing() {
        return await("follow", () -> isFollowing(port));
    }

    /// Waits until it is the one that writes the ledger.
    BillingProcess awaitWork() {
        return await("work", () -> works(port));
    }

    private BillingProcess await(String what, Callable<Boolean> condition) {
        Awaitility.await(node + " to " + what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .failFast(node + " has ended", () -> !process.isAlive())
                .until(condition);
        return this;
    }

    /// Since when it works, by its own clock: what its log says last of it.
    Instant worksSince() {
        try {
            return Files.readAllLines(log).reversed().stream()
                    .filter(line -> line.contains("billing works"))
                    .map(line -> OffsetDateTime.parse(line.split(" ", 2)[0]).toInstant())
                    .findFirst()
                    .orElseThrow();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Ends it without warning.
    void kill() {
        process.destroyForcibly();
        Awaitility.await(node + " to be gone")
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive());
    }

    void freeze() {
        Processes.signal(process.pid(), "-STOP");
    }

    void resume() {
        Processes.signal(process.pid(), "-CONT");
    }

    /// Whether the billing with this management port says that it writes the ledger.
    static boolean works(int port) {
        return get(port, "/actuator/prometheus")
                .lines()
                .anyMatch(line -> line.startsWith("j1msky_billing_owner") && line.endsWith(" 1.0"));
    }

    private static boolean isFollowing(int port) {
        return get(port, "/actuator/health/readiness").contains("UP");
    }

    /// What it answers; nothing when it does not.
    private static String get(int port, String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(1))
                        .build();
        try {
            return HTTP.send(request, BodyHandlers.ofString()).body();
        } catch (IOException away) {
            return "";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
