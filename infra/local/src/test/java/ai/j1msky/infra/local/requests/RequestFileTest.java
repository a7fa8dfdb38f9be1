package ai.j1msky.infra.local.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestFileTest {

    @Test
    void aFileHasVariablesAndRequestsWithTheirExpectations() {
        // Given
        String text =
                """
                # Samples.
                @url = http://127.0.0.1:8080

                ### Spawn
                # @name spawn
                # expect 200 status=spawning
                POST {{url}}/api/spawn
                Content-Type: application/json

                {
                  "model": "k2p5"
                }

                ### List
                # expect 200
                GET {{url}}/api/agents
                """;

        // When
        RequestFile file = RequestFile.parse(text);

        // Then
        assertThat(file.variables()).isEqualTo(Map.of("url", "http://127.0.0.1:8080"));
        assertThat(file.requests())
                .containsExactly(
                        new SampleRequest(
                                "Spawn",
                                "spawn",
                                "POST",
                                "{{url}}/api/spawn",
                                Map.of("Content-Type", "application/json"),
                                "{\n  \"model\": \"k2p5\"\n}",
                                200,
                                Map.of("status", "spawning")),
                        new SampleRequest(
                                "List",
                                "",
                                "GET",
                                "{{url}}/api/agents",
                                Map.of(),
                                "",
                                200,
                                Map.of()));
    }

    @Test
    void aRequestWithoutAnExpectationIsRefused() {
        // Given
        String text = "### List\nGET http://127.0.0.1/api/agents\n";

        // When, Then
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> RequestFile.parse(text))
                .withMessageContaining("# expect");
    }
}
