package ai.j1msky.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.id.NodeId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.node.NodeDrain;
import ai.j1msky.common.node.NodeHealth;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgency.Gateway;
import ai.j1msky.gateway.TestAgent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Nodes as clients of real gateways see them, by reports on a real log.
class NodesIT {

    private static TestAgency agency;
    private static Gateway gateway;

    /// The log is other tests', too.
    private final String name = "pi-" + System.nanoTime();

    @BeforeAll
    static void start() throws Exception {
        agency = new TestAgency();
        gateway = agency.gateway();
    }

    @AfterAll
    static void stop() {
        agency.close();
    }

    private NodeHealth health(String state, @Nullable String notTaking, Instant at) {
        return new NodeHealth(
                new NodeId(name),
                new WorkerId(name + "~a1"),
                state,
                notTaking,
                "0.1.0",
                48.5,
                List.of("under_voltage"),
                0.75,
                41.2,
                87_300,
                48_318_382_080L,
                32,
                3,
                List.of("anthropic", "kimi"),
                List.of("kimi"),
                at);
    }

    private JsonNode node(Gateway of) {
        Api.Answer answer = of.api().get("/api/nodes");
        assertThat(answer.status()).isEqualTo(200);
        return StreamSupport.stream(answer.body().path("nodes").spliterator(), false)
                .filter(node -> node.path("node_id").asString().equals(name))
                .findFirst()
                .orElse(answer.body().path("none"));
    }

    private void awaitState(String state) {
        await().atMost(TestAgency.SOON)
                .until(() -> state.equals(node(gateway).path("state").asString("")));
    }

    @Test
    void theSystemIsShownAsDocumented() {
        // Given
        agency.append(health("up", null, Instant.now()));
        agency.spawn(TestAgent.create());
        agency.awaitProjected();
        awaitState("up");

        // When
        JsonNode system = gateway.api().get("/api/system").body();

        // Then
        JsonNode temperature = system.path("cpu_temp");
        assertThat(temperature.isNull() || temperature.isNumber()).isTrue();
        assertThat(system.path("load_average").isNumber()).isTrue();
        assertThat(system.path("memory_usage").asDouble()).isBetween(0.1, 100.0);
        assertThat(system.path("uptime").asString()).matches("[0-9]+h [0-9]{1,2}m");
        assertThat(system.path("disk_free").asString()).matches("[0-9]+[GM]");
        assertThat(system.path("active_agents").asInt()).isPositive();
        assertThat(system.path("nodes").isArray()).isTrue();
    }

    @Test
    void aNodeIsShownAsItReports() {
        // When
        agency.append(health("hot", "hot", Instant.now().minus(Duration.ofHours(1))));
        awaitState("hot");

        // Then
        JsonNode node = node(gateway);
        assertThat(node.path("not_taking").asString()).isEqualTo("hot");
        assertThat(node.path("cpu_temp").asDouble()).isEqualTo(48.5);
        assertThat(node.path("throttled").path(0).asString()).isEqualTo("under_voltage");
        assertThat(node.path("uptime").asString()).isEqualTo("24h 15m");
        assertThat(node.path("disk_free").asString()).isEqualTo("45G");
        assertThat(node.path("slots").asInt()).isEqualTo(32);
        assertThat(node.path("slots_used").asInt()).isEqualTo(3);
        assertThat(node.path("slots_free").asInt()).isEqualTo(29);
        assertThat(node.path("version").asString()).isEqualTo("0.1.0");
        assertThat(Instant.parse(node.path("last_seen").asString()))
                .as("by the gateway's clock")
                .isAfter(Instant.now().minusSeconds(30));
    }

    @Test
    void aNodeThatFallsSilentIsLostAndOneThatStopsIsGone() {
        // Given
        agency.append(health("up", null, Instant.now()));
        awaitState("up");

        // When
        awaitState("lost");

        // Then
        assertThat(node(gateway).path("not_taking").asString()).isEqualTo("lost");
        agency.append(health("up", null, Instant.now()));
        awaitState("up");
        agency.delete(Topics.NODES, name);
        await().atMost(TestAgency.SOON).until(() -> node(gateway).isMissingNode());
    }

    @Test
    void aNodeOfYesterdayIsNoGhostAfterARestart() throws Exception {
        // Given
        agency.append(health("up", null, Instant.now().minus(Duration.ofMinutes(3))));
        awaitState("up");

        // When
        try (Gateway later = agency.gateway()) {
            await().atMost(TestAgency.SOON).until(() -> !node(later).isMissingNode());

            // Then
            assertThat(node(later).path("state").asString()).isEqualTo("lost");
        }
        agency.append(health("up", null, Instant.now().minus(Duration.ofHours(25))));
        awaitState("up");
        try (Gateway later = agency.gateway()) {
            await().atMost(TestAgency.SOON)
                    .until(() -> later.api().get("/api/nodes").status() == 200);
            assertThat(node(later).isMissingNode()).isTrue();
        }
    }

    @Test
    void aDrainIsOnTheLogAndItsEndTakesItAway() {
        // Given
        agency.append(health("up", null, Instant.now()));
        awaitState("up");
        String path = "/api/nodes/" + name;

        // When
        Api.Answer drained = gateway.api().post(path + "/drain", "{}");
        Api.Answer again = gateway.api().post(path + "/drain", "");

        // Then
        assertThat(drained.status()).isEqualTo(200);
        assertThat(drained.body().toString()).isEqualTo("{\"success\":true}");
        assertThat(again.status()).isEqualTo(200);
        assertThat(agency.read(Topics.NODE_DRAINS))
                .extracting(NodeDrain::nodeId)
                .contains(new NodeId(name));
        assertThat(gateway.api().post(path + "/undrain", "").status()).isEqualTo(200);
        assertThat(gateway.api().post(path + "/drain", "{\"x\":1}").status()).isEqualTo(400);
        assertThat(gateway.api().post("/api/nodes/nobody/drain", "{}").status()).isEqualTo(404);
        assertThat(gateway.api().post("/api/nodes/nobody/undrain", "{}").status()).isEqualTo(404);
    }

    @Test
    void aModelIsAvailableWhileSomeNodeWouldCallItsProvider() {
        // Given
        agency.append(health("up", null, Instant.now()));
        awaitState("up");

        // When
        JsonNode models = gateway.api().get("/api/models").body().path("models");

        // Then
        JsonNode k2p5 = model(models, "k2p5");
        assertThat(k2p5.path("name").asString()).isEqualTo("kimi-k2.5");
        assertThat(k2p5.path("provider").asString()).isEqualTo("kimi");
        assertThat(k2p5.path("available").asBoolean()).isTrue();
        assertThat(k2p5.path("input_per_mtok").decimalValue()).isEqualByComparingTo("0.6");
        assertThat(k2p5.path("output_per_mtok").decimalValue()).isEqualByComparingTo("3");
        assertThat(model(models, "opus").path("available").asBoolean()).isFalse();
    }

    private static JsonNode model(JsonNode models, String alias) {
        return StreamSupport.stream(models.spliterator(), false)
                .filter(model -> model.path("model").asString().equals(alias))
                .findFirst()
                .orElseThrow();
    }
}
