package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.infra.testkit.webhook.WebhookReceiver;
import ai.j1msky.infra.testkit.webhook.WebhookReceiver.Received;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an account's endpoint hears of its agents, with the notifier, the broker and Redis lost again and again.
@Order(4)
@ExtendWith(RunningProduct.class)
class WebhookIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int KILLS = 4;
    private static final int ROUNDS = 3;
    private static final int AGENTS_BETWEEN = 15;
    private static final String SECRET = "your_webhook_secret";

    private final Product product;
    private final Client client;
    private final WebhookReceiver receiver = WebhookReceiver.start();

    WebhookIT(Product product) {
        this.product = product;
        this.client = product.newAccount("webhooks");
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    private String create(String path) {
        ObjectNode wish = Client.JSON.createObjectNode().put("url", receiver.url(path).toString());
        wish.put("secret", SECRET);
        for (String event : List.of("agent.completed", "agent.failed", "agent.cancelled")) {
            wish.withArray("events").add(event);
        }
        return client.send(client.post("/webhooks", wish))
                .succeeded()
                .body()
                .path("webhook_id")
                .asString();
    }

    private static JsonNode body(Received request) {
        return Client.JSON.readTree(request.body());
    }

    @Test
    void everyEndReachesTheEndpointHoweverOftenTheNotifierIsKilled() throws Exception {
        // Given
        String webhook = create("/ok");
        List<String> agents = new ArrayList<>();

        // When: agents end while there is a notifier, and while there is none
        for (int kill = 0; kill < KILLS; kill++) {
            spawn(agents, "tokens=5");
            int heard = receiver.received().size();
            await().atMost(SOON).until(() -> receiver.received().size() > heard);
            product.processes().kill("notifier");
            agents.add(client.spawn("k2p5", Scripted.of("tokens=5").task()));
            Answer _ = client.end(agents.getLast());
            product.restart("notifier");
        }

        // Then
        assertToldOfEach(agents, webhook);
    }

    @Test
    void everyEndReachesTheEndpointThoughTheBrokerIsKilledAndRedisForgetsEverything()
            throws Exception {
        // Given
        String webhook = create("/ok");
        List<String> agents = new ArrayList<>();

        // When: agents end while there is no broker, and while Redis is made again
        for (int round = 0; round < ROUNDS; round++) {
            spawn(agents, "delay=2s tokens=5");
            product.processes().kill("kafka");
            product.restart("kafka");
            spawn(agents, "delay=1s tokens=5");
            product.redis().flushAll();
            spawn(agents, "tokens=5");
        }

        // Then
        assertToldOfEach(agents, webhook);
    }

    private void spawn(List<String> agents, String directives) {
        for (int i = 0; i < AGENTS_BETWEEN; i++) {
            agents.add(client.spawn("k2p5", Scripted.of(directives).task()));
        }
    }

    /// At least once, the same each time, as GET says, numbered without a gap, and signed.
    private void assertToldOfEach(List<String> agents, String webhook) throws Exception {
        Map<String, JsonNode> ends =
                agents.stream().collect(Collectors.toMap(id -> id, id -> client.end(id).body()));
        await().atMost(SOON)
                .until(
                        () ->
                                receiver.received().stream()
                                                .map(r -> body(r).at("/data/agent_id").asString())
                                                .distinct()
                                                .count()
                                        == agents.size());

        Map<String, List<Received>> byId =
                receiver.received().stream()
                        .collect(Collectors.groupingBy(r -> r.header("webhook-id")));
        assertThat(byId).hasSize(agents.size());
        assertThat(byId.values())
                .allSatisfy(
                        same ->
                                assertThat(same)
                                        .extracting(Received::body)
                                        .containsOnly(same.getFirst().body()));
        for (List<Received> same : byId.values()) {
            JsonNode data = body(same.getFirst()).path("data");
            JsonNode agent = ends.get(data.path("agent_id").asString());
            for (String field : List.of("agent_id", "model", "task", "result", "cost")) {
                assertThat(data.get(field)).as(field).isEqualTo(agent.get(field));
            }
            new com.standardwebhooks.Webhook(SECRET.getBytes(StandardCharsets.UTF_8))
                    .verify(same.getFirst().body(), headers(same.getFirst()));
        }
        assertThat(
                        byId.values().stream()
                                .map(r -> Long.parseLong(r.getFirst().header("webhook-sequence")))
                                .sorted(Comparator.naturalOrder())
                                .toList())
                .isEqualTo(LongStream.rangeClosed(1, agents.size()).boxed().toList());
        assertThat(client.get("/webhooks/" + webhook).body().path("deliveries").asLong())
                .isEqualTo(agents.size());
    }

    private static HttpHeaders headers(Received request) {
        return HttpHeaders.of(
                request.headers().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue()))),
                (name, value) -> true);
    }

    @Test
    void aHangingEndpointHoldsNobodyUp() {
        // Given
        create("/silent");
        create("/ok/sound");

        // When
        List<String> agents = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            agents.add(client.spawn("k2p5", Scripted.of("tokens=5").task()));
        }
        agents.forEach(client::end);

        // Then
        await().atMost(SOON).until(() -> receiver.received("/ok/sound").size() == agents.size());
        assertThat(receiver.received("/silent")).hasSizeLessThan(agents.size());
    }
}
