package ai.j1msky.infra.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {

    @TempDir private Path data;

    @Test
    void itLeavesAMasterKeyAndARedisThatRuns() {
        // When
        Path redis = new Preparation(data, Map.of()).run(null);

        // Then
        assertThat(redis).isExecutable();
        assertThat(data.resolve("secrets/master.keyset")).isNotEmptyFile();
    }

    @Test
    void aSecondStartKeepsTheMasterKey() throws IOException {
        // Given
        new Preparation(data, Map.of()).run(null);
        String first = Files.readString(data.resolve("secrets/master.keyset"));

        // When
        new Preparation(data, Map.of()).run(null);

        // Then
        assertThat(data.resolve("secrets/master.keyset")).hasContent(first);
    }

    @Test
    void aConfigurationWithAMistakeIsRefusedBeforeAnythingIsWritten() throws IOException {
        // Given
        Path config = Files.writeString(data.resolve("config.json"), "{\"allowed_ips\": [");

        // When
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> new Preparation(data, Map.of()).run(config))

                // Then
                .withMessageContaining("config.json");
        assertThat(data.resolve("secrets")).doesNotExist();
    }

    @Test
    void aBaseUrlWithAMistakeIsRefusedWithoutAnyConfiguration() {
        // Given
        Map<String, String> variables = Map.of("MOONSHOT_BASE_URL", "nonsense");

        // When
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> new Preparation(data, variables).run(null))

                // Then
                .withMessageContaining("MOONSHOT_BASE_URL");
        assertThat(data).isEmptyDirectory();
    }
}
