package ai.j1msky.bench.stack;

import ai.j1msky.bench.process.ProcFs;
import ai.j1msky.bench.process.Signals;
import ai.j1msky.infra.local.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The product in a data directory of its own, started and stopped by its own launcher like anyone's.
///
/// All checks are on; the limits are counted, but so high that only that of `GET /api/rate-limits` is ever met. The model
/// `bench` has a price, and a provider whose key nobody has, at an address where nobody listens; `free1` is the same
/// without a price.
public final class Product implements AutoCloseable {

    private static final String CONFIG =
            """
            {
              "allowed_ips": ["192.168.1.0/24", "203.0.113.45", "127.0.0.0/8"],
              "concurrent_agents": 1000000,
              "limits": {
                "POST /spawn": {"limit": 1000000, "window": "1m"},
                "GET /agent": {"limit": 1000000, "window": "1m"},
                "GET /rate-limits": {"limit": 1, "window": "1h"},
                "default": {"limit": 1000000, "window": "1m"},
                "ip": {"limit": 1000000, "window": "10s"}
              },
              "providers": {
                "bench": {
                  "wire": "openai", "base_url": "http://127.0.0.1:9/v1", "environment": "J1MSKY_BENCH",
                  "hourly": 1000000
                }
              },
              "models": {
                "bench": {
                  "provider": "bench", "model": "none", "input_per_mtok": 0.60, "output_per_mtok": 3.00
                },
                "free1": {
                  "provider": "bench", "model": "none", "input_per_mtok": 0, "output_per_mtok": 0
                }
              },
              "budgets": {"daily": 1000000.0, "monthly": 1000000.0, "spike_per_hour": 1000000.0}
            }
            """;

    private final Launcher launcher;
    private final Path directory;
    private final List<Long> frozen = new ArrayList<>();

    /// @param checkout where `infra/j1msky` is
    /// @param directory the data directory, used by nothing else
    public Product(Path checkout, Path directory) {
        this.launcher = new Launcher(checkout, directory);
        this.directory = directory;
    }

    /// Starts everything and returns when it is ready, after building it first if it was never built.
    ///
    /// @return how long that took
    /// @throws IllegalStateException with the launcher's own words when it fails
    public Duration up() {
        return up(Map.of());
    }

    /// The same with several workers.
    ///
    /// @param slots how many agents each runs at once
    public Duration up(int workers, int slots) {
        return up(
                Map.of("J1MSKY_WORKER_SLOTS", Integer.toString(slots)),
                "--workers",
                Integer.toString(workers));
    }

    private Duration up(Map<String, String> variables, String... more) {
        try {
            Files.writeString(config(), CONFIG);
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot write " + config(), unwritable);
        }
        long start = System.nanoTime();
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "--port",
                                Integer.toString(FreePort.pick()),
                                "--no-demo",
                                "--detach",
                                "--config",
                                config().toString()));
        options.addAll(List.of(more));
        launcher.run(variables, "up", options.toArray(String[]::new));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /// Its configuration.
    public Path config() {
        return directory.resolve("config.json");
    }

    public InetSocketAddress gateway() {
        URI url = URI.create(port("GATEWAY_URL"));
        // The launcher is started without --bind, so the gateway listens on loopback.
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort());
    }

    public Backends backends() {
        return new Backends(port("KAFKA_BOOTSTRAP"), Integer.parseInt(port("REDIS_PORT")));
    }

    /// A key whose agents run on the built-in sandbox model. Never to be printed.
    public String devKey() {
        return read(devKeyFile()).strip();
    }

    /// Where that key is.
    public Path devKeyFile() {
        return directory.resolve("run/dev.key");
    }

    /// A key that may do everything and whose agents cost money. Never to be printed.
    public String adminKey() {
        return read(directory.resolve("run/admin.key")).strip();
    }

    /// The process ids of everything that was started, by service.
    public Map<String, Long> pids() {
        try (Stream<Path> files = Files.list(directory.resolve("run"))) {
            return files.filter(file -> file.toString().endsWith(".pid"))
                    .collect(
                            Collectors.toMap(
                                    Product::service, Product::pid, (a, b) -> a, TreeMap::new));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the pid files cannot be listed", unreadable);
        }
    }

    /// The JVM flags of the running gateway.
    public List<String> gatewayFlags() {
        return ProcFs.jvmFlags(pidOf("gateway"));
    }

    /// @param service for example `gateway`
    public long pidOf(String service) {
        Long pid = pids().get(service);
        if (pid == null) {
            throw new IllegalStateException("the launcher left no " + service + ".pid");
        }
        return pid;
    }

    /// Stops the workers where they are (SIGSTOP), until [#resumeWorkers].
    public void freezeWorkers() {
        pids().forEach(
                        (service, pid) -> {
                            if (service.startsWith("worker")) {
                                Signals.stop(pid);
                                frozen.add(pid);
                            }
                        });
    }

    /// Lets them go on, with all that was spawned meanwhile.
    public void resumeWorkers() {
        frozen.forEach(Signals::resume);
        frozen.clear();
    }

    @Override
    public void close() {
        // A frozen process ignores the launcher's SIGTERM, and has a backlog it should not start
        // on.
        frozen.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        launcher.abandon();
        if (Files.isDirectory(directory.resolve("run"))) {
            launcher.run("down");
        }
    }

    private String port(String name) {
        return read(directory.resolve("run/ports.env"))
                .lines()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("ports.env lacks " + name));
    }

    private static String service(Path pidFile) {
        String name = String.valueOf(pidFile.getFileName());
        return name.substring(0, name.length() - ".pid".length());
    }

    private static long pid(Path pidFile) {
        return Long.parseLong(read(pidFile).strip().split("[^0-9]", 2)[0]);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file.getFileName(), unreadable);
        }
    }
}
