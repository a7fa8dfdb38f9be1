package ai.j1msky.e2e;

import ai.j1msky.infra.local.FreePort;
import ai.j1msky.infra.testkit.model.ModelServer;
import ai.j1msky.infra.testkit.model.RecordedCall;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The whole product as its operator starts it: real processes and two workers on one data directory, with a model
/// server in this JVM that stands for both providers.
///
/// The data directory stays behind in `target` for a look at its logs; the next start removes it.
final class Product implements AutoCloseable {

    static final String PROVIDER_KEY = "sk-e2e-provider-key-5f1d90aa";

    /// Room for tests that are not about limits, a provider that may be called three times an hour, and two whose
    /// failures, after which a provider is left alone for a minute, are nobody else's.
    private static final String CONFIG =
            """
            {"concurrent_agents": 200,
             "limits": {"POST /spawn": {"limit": 1000000}, "GET /agent": {"limit": 1000000},
                        "GET /agents": {"limit": 1000000}, "default": {"limit": 1000000},
                        "ip": {"limit": 1000000}},
             "providers": {"anthropic": {"hourly": 0}, "kimi": {"hourly": 0, "concurrent": 200},
                           "scarce": {"wire": "openai", "base_url": "PROVIDER", "environment": "MOONSHOT",
                                      "hourly": 3},
                           "brittle": {"wire": "openai", "base_url": "PROVIDER", "environment": "MOONSHOT"},
                           "fragile": {"wire": "anthropic", "base_url": "PROVIDER", "environment": "ANTHROPIC"}},
             "models": {"scarce": {"provider": "scarce", "model": "scarce-1", "input_per_mtok": 1, "output_per_mtok": 1},
                        "spared": {"provider": "scarce", "model": "scarce-1", "input_per_mtok": 1, "output_per_mtok": 1,
                                   "fallback": ["k2p5"]},
                        "brittle": {"provider": "brittle", "model": "brittle-1", "input_per_mtok": 1, "output_per_mtok": 1},
                        "fragile": {"provider": "fragile", "model": "fragile-1", "input_per_mtok": 1, "output_per_mtok": 1}},
             "webhooks": {"allowed_subnets": ["127.0.0.0/8"]},
             "budgets": {"daily": 1000000, "monthly": 1000000, "spike_per_hour": 1000000}}
            """;

    private static final Path DATA = Path.of("target", "e2e", "data").toAbsolutePath();
    private static final AtomicLong MARKERS = new AtomicLong();

    private final ModelServer models = ModelServer.start();
    private final Path config = DATA.resolveSibling("config.json");
    private final int port = FreePort.pick();
    private final Launcher launcher;
    private final Processes processes = new Processes(DATA);
    private final Client live;
    private final Client sandbox;

    private Product() {
        String provider = models.url() + "/v1";
        launcher =
                new Launcher(
                        Map.of(
                                "ANTHROPIC_BASE_URL", provider,
                                "ANTHROPIC_API_KEY", PROVIDER_KEY,
                                "MOONSHOT_BASE_URL", provider,
                                "MOONSHOT_API_KEY", PROVIDER_KEY));
        clearData();
        configure(CONFIG);
        up();
        live = new Client(url("GATEWAY_URL"), keyText("admin"));
        sandbox = new Client(url("GATEWAY_URL"), keyText("dev"));
    }

    /// Starts everything on an empty data directory.
    static Product start() {
        return new Product();
    }

    /// Starts all processes on the data as they are.
    void up() {
        launcher.succeed(
                "up",
                "--data",
                DATA.toString(),
                "--detach",
                "--no-demo",
                "--port",
                Integer.toString(port),
                "--workers",
                "2",
                "--config",
                config.toString());
    }

    /// Starts one process again that has ended, and waits until it is ready.
    void restart(String service) {
        launcher.succeed("start", service, "--data", DATA.toString());
    }

    /// The gateway alone, killed and started, with other settings.
    ///
    /// @param more members that are put before the usual ones, each with a comma; none for the usual ones alone
    void reconfigureGateway(String more) {
        configure(CONFIG.replaceFirst("\\{", "{" + more));
        processes.kill("gateway");
        restart("gateway");
    }

    /// Brings every process back that a test froze or killed.
    void heal() {
        for (String service : Processes.ALL) {
            if (processes.isAlive(service)) {
                processes.resume(service);
            }
        }
        for (String service : Processes.ALL) {
            if (!processes.isAlive(service)) {
                restart(service);
            }
        }
        Awaitility.await("a spawn to be taken again")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .ignoreException(UncheckedIOException.class)
                .until(
                        () -> sandbox.spawn(Client.order("k2p5", "sandbox:echo healed")).status(),
                        status -> status == 200);
    }

    Launcher launcher() {
        return launcher;
    }

    Processes processes() {
        return processes;
    }

    /// Spawns on the models: an administrator's key, which is a live one.
    Client live() {
        return live;
    }

    /// A client with all scopes on the models, of an account that nothing was charged to yet.
    Client newAccount(String name) {
        ObjectNode wish = Client.JSON.createObjectNode().put("name", name).put("env", "live");
        wish.put("account", name + "-" + MARKERS.incrementAndGet());
        for (String scope : List.of("agents:read", "agents:write", "billing:read", "admin")) {
            wish.withArray("scopes").add(scope);
        }
        JsonNode made = live.send(live.post("/keys", wish)).succeeded().body();
        return new Client(url("GATEWAY_URL"), made.get("key").stringValue());
    }

    /// Spawns on the sandbox.
    Client sandbox() {
        return sandbox;
    }

    Path data() {
        return DATA;
    }

    /// What the model server saw of a task.
    List<RecordedCall> callsOf(Scripted task) {
        return models.calls().stream().filter(call -> task.marker().equals(call.marker())).toList();
    }

    int modelCalls() {
        return models.calls().size();
    }

    void awaitCall(Scripted task) {
        Awaitility.await("a call of " + task.marker())
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !callsOf(task).isEmpty());
    }

    /// A line of `run/ports.env`.
    String setting(String name) {
        Properties settings = new Properties();
        try (BufferedReader lines =
                Files.newBufferedReader(DATA.resolve("run").resolve("ports.env"))) {
            settings.load(lines);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return settings.getProperty(name);
    }

    URI url(String name) {
        return URI.create(setting(name));
    }

    RedisConnection redis() {
        return new RedisConnection(Integer.parseInt(setting("REDIS_PORT")));
    }

    LogAccess log() {
        return new LogAccess(setting("KAFKA_BOOTSTRAP"));
    }

    /// How the launcher has started the billing that runs.
    BillingProcess.Recipe billing() {
        return BillingProcess.Recipe.of(processes.pid("billing"));
    }

    private String keyText(String name) {
        try {
            return Files.readString(DATA.resolve("run").resolve(name + ".key")).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void configure(String settings) {
        try {
            Files.createDirectories(config.getParent());
            Files.writeString(config, settings.replace("PROVIDER", models.url() + "/v1"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void clearData() {
        try {
            Files.createDirectories(DATA);
            launcher.succeed(
                    "down", "--data", DATA.toString()); // what an interrupted run left behind
            try (Stream<Path> files = Files.walk(DATA)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        for (String service : Processes.ALL) {
            if (processes.isAlive(service)) {
                processes.resume(service);
            }
        }
        launcher.succeed("down", "--data", DATA.toString());
        models.close();
    }
}
