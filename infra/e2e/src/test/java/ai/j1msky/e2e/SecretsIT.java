package ai.j1msky.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.signing.RequestSignature;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// After everything the other classes did: what people wrote, what models answered and every key are in no file that
/// the product keeps, and in no metric.
@Order(10)
@ExtendWith(RunningProduct.class)
class SecretsIT {

    private static final String TASK = "canary-task-7c1e90b4";
    private static final String RESULT = "text that the sandbox wrote to be this long";

    private final Product product;

    SecretsIT(Product product) {
        this.product = product;
    }

    @Test
    void noPromptResultOrKeyIsInAnyLogSegmentRedisFileOrMetric() throws Exception {
        // Given
        List<String> secrets =
                new ArrayList<>(
                        List.of(
                                TASK,
                                RESULT,
                                "word word word word",
                                Product.PROVIDER_KEY,
                                product.live().key(),
                                product.sandbox().key()));
        secrets.addAll(rotateAndSign());
        secrets.addAll(masterKeys());
        secrets.addAll(tellEverything());
        List<String> agents = runCanaries();
        Awaitility.await("the last agent to be in Redis's file, which is written every second")
                .atMost(Duration.ofSeconds(10))
                .until(() -> places("redis").values().stream().anyMatch(has(agents.getLast())));

        // When
        Map<String, String> places = new HashMap<>();
        for (String directory : List.of("logs", "kafka", "redis", "spool")) {
            places.putAll(places(directory));
        }
        for (String metrics :
                List.of(
                        "MANAGEMENT_GATEWAY",
                        "MANAGEMENT_BILLING",
                        "MANAGEMENT_NOTIFIER",
                        "MANAGEMENT_WORKER_1",
                        "MANAGEMENT_WORKER_2")) {
            places.put(metrics, prometheus(product.url(metrics)));
        }

        places.put("audit", audit());

        // Then
        List<String> found = new ArrayList<>();
        places.forEach(
                (place, text) ->
                        secrets.stream()
                                .filter(text::contains)
                                .forEach(secret -> found.add(place + " holds " + secret)));
        assertThat(found).isEmpty();
        assertThat(places.values().stream().filter(has(agents.getLast())).count())
                .as("places where the same search finds what may be there")
                .isGreaterThanOrEqualTo(3);
    }

    /// The raw keys of the master keyset, as the file has them.
    private List<String> masterKeys() throws IOException {
        JsonNode keyset =
                Client.JSON.readTree(
                        Files.readString(product.data().resolve("secrets/master.keyset")));
        List<String> keys = new ArrayList<>();
        keyset.get("key").forEach(key -> keys.add(key.at("/keyData/value").stringValue()));
        assertThat(keys).isNotEmpty().allMatch(key -> key.length() > 40);
        return keys;
    }

    /// Has the audit say as much as it can, and an endpoint be told of everything; answers the endpoint's secret.
    private List<String> tellEverything() {
        Client admin = product.live();
        ObjectNode policy = Client.JSON.createObjectNode().put("log_level", "verbose");
        policy.put("include_request_body", true).put("include_response_body", true);
        admin.send(admin.post("/security/audit", policy)).succeeded();
        String secret = "canary-webhook-secret-83b1d7";
        ObjectNode webhook =
                Client.JSON
                        .createObjectNode()
                        .put("url", "http://127.0.0.1:9/canary")
                        .put("secret", secret);
        webhook.putArray("events").add("agent.completed").add("agent.failed").add("agent.started");
        admin.send(admin.post("/webhooks", webhook)).succeeded();
        return List.of(secret);
    }

    /// All that the audit shows of the last minutes.
    private String audit() {
        StringBuilder entries = new StringBuilder();
        String cursor = "";
        for (int page = 0; page < 20; page++) {
            JsonNode body =
                    product.live()
                            .get("/security/audit/entries?limit=200" + cursor)
                            .succeeded()
                            .body();
            entries.append(body.get("entries"));
            if (body.get("next_cursor").isNull()) {
                break;
            }
            cursor = "&cursor=" + body.get("next_cursor").stringValue();
        }
        return entries.toString();
    }

    /// Agents on both wires and the sandbox, good and bad ends, and a request that is refused.
    private List<String> runCanaries() throws IOException {
        List<String> agents = new ArrayList<>();
        for (String directives : List.of("chunks=2", "status=400")) {
            agents.add(spawn("sonnet", directives));
            agents.add(spawn("k2p5", directives));
        }
        for (String directives : List.of("cut-after=1", "error-event", "malformed")) {
            agents.add(spawn("fragile", directives));
            agents.add(spawn("brittle", directives));
        }
        // A provider that fails so often is left alone for a minute.
        agents.forEach(agent -> product.live().end(agent, Duration.ofMinutes(2)));
        String answered = product.sandbox().spawn("k2p5", "sandbox:tokens 500");
        agents.add(answered);
        product.sandbox().end(answered);
        product.live().spawn(Client.order(TASK, TASK).put(TASK, TASK));
        product.live().agent(TASK);
        sendMalformed("GET /api/agents Authorization: Bearer " + product.live().key());
        sendMalformed("GET /api/agents HTTP/1.1\r\nAuthorization Bearer " + product.live().key());
        return agents;
    }

    private String spawn(String model, String directives) {
        return product.live().spawn(model, TASK + " " + Scripted.of(directives).task());
    }

    /// Makes a key and a second text of it, and sends signed requests, good and bad; answers all secrets of theirs.
    private List<String> rotateAndSign() {
        Client admin = product.live();
        ObjectNode wish = Client.JSON.createObjectNode().put("name", "canary").put("env", "dev");
        wish.putArray("scopes").add("agents:read");
        wish.put("require_signature", true);
        JsonNode made = admin.send(admin.post("/keys", wish)).succeeded().body();
        String rotate = "/keys/" + made.get("key_id").stringValue() + "/rotate";
        JsonNode rotated =
                admin.send(admin.post(rotate, Client.JSON.createObjectNode())).succeeded().body();
        List<String> secrets = new ArrayList<>();
        for (JsonNode text : List.of(made, rotated)) {
            String key = text.get("key").stringValue();
            String apiSecret = text.get("api_secret").stringValue();
            Client signer = new Client(product.url("GATEWAY_URL"), key);
            String timestamp = Instant.now().toString();
            for (String secret : List.of("wrong", apiSecret, apiSecret)) {
                String signature =
                        RequestSignature.of(secret, timestamp, "GET", "/api/agents", new byte[0])
                                .hex();
                signer.send(
                        signer.request("/agents")
                                .header("X-Timestamp", timestamp)
                                .header("X-Signature", signature));
            }
            secrets.add(key);
            secrets.add(apiSecret);
        }
        return secrets;
    }

    /// Sends what is no request to the gateway and waits for its refusal.
    private void sendMalformed(String request) throws IOException {
        URI gateway = product.url("GATEWAY_URL");
        try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
            socket.getOutputStream().write((request + "\r\n\r\n").getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .startsWith("HTTP/1.1 400 ");
        }
    }

    private static Predicate<String> has(String text) {
        return content -> content.contains(text);
    }

    /// The files below a part of the data directory, each as its bytes.
    private Map<String, String> places(String directory) throws IOException {
        Map<String, String> contents = new HashMap<>();
        Path root = product.data().resolve(directory);
        if (Files.isDirectory(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    contents.put(file.toString(), Files.readString(file, ISO_8859_1));
                }
            }
        }
        return contents;
    }

    private static String prometheus(URI management) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(management.resolve("/actuator/prometheus")).build();
            String text = http.send(request, BodyHandlers.ofString()).body();
            assertThat(text).contains("jvm_");
            return text;
        }
    }
}
