package ai.j1msky.common.topic;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentEvent.AgentCancelled;
import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.CancelRequested;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.node.NodeHealth;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Records that a running system wrote before prices travelled and usage said how it became known.
class OlderRecordsTest {

    @Test
    void anOrderWithoutAPriceIsRead() throws IOException {
        // Given
        ObjectNode old = sample("agent-spawn");
        ((ObjectNode) old.get("order")).remove("price");

        // When
        SpawnCommand command = WireJson.MAPPER.treeToValue(old, SpawnCommand.class);

        // Then
        assertThat(command.order().price()).isNull();
        assertThat(WireJson.MAPPER.readTree(WireJson.MAPPER.writeValueAsBytes(command)))
                .isEqualTo(old);
    }

    @ParameterizedTest
    @CsvSource({"false, REPORTED", "true, CLAMPED"})
    void aCompletionSaysByItsOldFieldHowItWasMetered(boolean clamped, Metering metering)
            throws IOException {
        // Given
        ObjectNode old = sample("agent-completed");
        old.remove("metering");
        old.put("cost_clamped", clamped);

        // When
        AgentCompleted completed = WireJson.MAPPER.treeToValue(old, AgentCompleted.class);

        // Then
        assertThat(completed.metering()).isEqualTo(metering);
    }

    @Test
    void anEndThatDoesNotSayHowItWasMeteredWasReported() throws IOException {
        // Given
        ObjectNode old = sample("agent-cancelled");
        old.remove("metering");

        // When
        AgentCancelled cancelled = WireJson.MAPPER.treeToValue(old, AgentCancelled.class);

        // Then
        assertThat(cancelled.metering()).isEqualTo(Metering.REPORTED);
    }

    @Test
    void aWishToCancelFromBeforeTeamsIsOfNoTeam() throws IOException {
        // Given
        ObjectNode old = sample("agent-cancel-requested");
        old.remove("team");

        // When
        CancelRequested wish = WireJson.MAPPER.treeToValue(old, CancelRequested.class);

        // Then
        assertThat(wish.team()).isNull();
        assertThat(WireJson.MAPPER.readTree(WireJson.MAPPER.writeValueAsBytes(wish)))
                .isEqualTo(old);
    }

    @Test
    void aNodeFromBeforeItSaidWhatIsOpenHasAllItsProvidersOpen() throws IOException {
        // Given
        ObjectNode old = sample("node-health");
        old.remove("providers_open");
        old.remove("throttled");
        old.remove("not_taking");

        // When
        NodeHealth health = WireJson.MAPPER.treeToValue(old, NodeHealth.class);

        // Then
        assertThat(health.providersOpen()).isEqualTo(health.providers());
        assertThat(health.throttled()).isNull();
    }

    @Test
    void aStateThatWasStoredBeforeIsRead() {
        // Given
        String old =
                """
                {"commanded": 1, "attempts": [], "cancel_requested": false, "outcome": {"status": "cancelled",
                 "usage": {"input_tokens": 1, "output_tokens": 2}, "cost": 3, "at": "2026-11-23T12:00:00Z"}}
                """;

        // When
        AgentState state = WireJson.MAPPER.readValue(old, AgentState.class);

        // Then
        assertThat(Objects.requireNonNull(state.outcome()).metering()).isEqualTo(Metering.REPORTED);
    }

    private static ObjectNode sample(String name) throws IOException {
        try (InputStream json =
                OlderRecordsTest.class.getResourceAsStream(
                        Contract.DIRECTORY + name + ".sample.json")) {
            return (ObjectNode) WireJson.MAPPER.readTree(Objects.requireNonNull(json));
        }
    }
}
