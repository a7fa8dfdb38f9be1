package ai.j1msky.common.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.j1msky.common.id.NodeId;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessSettingsTest {

    @Test
    void defaultsArePartOfTheContract() {
        assertThat(ProcessSettings.of("billing", Map.of()))
                .isEqualTo(new ProcessSettings("127.0.0.1:9092", new NodeId("billing"), null, 0));
    }

    @Test
    void namesAreThoseOfTheOtherServices() {
        // When
        ProcessSettings settings =
                ProcessSettings.of(
                        "billing",
                        Map.of(
                                "SPRING_KAFKA_BOOTSTRAP_SERVERS", "kafka:9093",
                                "J1MSKY_NODE", "billing-2",
                                "J1MSKY_CONFIG", "config.json",
                                "MANAGEMENT_SERVER_PORT", "8081"));

        // Then
        assertThat(settings)
                .isEqualTo(
                        new ProcessSettings(
                                "kafka:9093",
                                new NodeId("billing-2"),
                                Path.of("config.json"),
                                8081));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "65536", "http"})
    void whatIsNoPortIsNamed(String port) {
        assertThatThrownBy(
                        () -> ProcessSettings.of("billing", Map.of("MANAGEMENT_SERVER_PORT", port)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Wrong MANAGEMENT_SERVER_PORT: ");
    }

    @Test
    void aNodeNameThatNobodyMayHaveIsNamed() {
        assertThatThrownBy(() -> ProcessSettings.of("billing", Map.of("J1MSKY_NODE", "a b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Wrong J1MSKY_NODE: ");
    }
}
