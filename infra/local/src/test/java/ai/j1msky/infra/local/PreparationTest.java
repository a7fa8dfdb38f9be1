package ai.j1msky.infra.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {

    @TempDir private Path data;

    @Test
    void itLeavesAMasterKeyAndARedisThatRuns() {
        // When
        Path redis = new Preparation(data).run(null);

        // Then
        assertThat(redis).isExecutable();
        assertThat(data.resolve("secrets/master.keyset")).isNotEmptyFile();
    }

    @Test
    void aSecondStartKeepsTheMasterKey() throws IOException {
        // Given
        new Preparation(data).run(null);
        String first = Files.readString(data.resolve("secrets/master.keyset"));

        // When
        new Preparation(data).run(null);

        // Then
        assertThat(data.resolve("secrets/master.keyset")).hasContent(first);
    }

    @Test
    void aConfigurationWithAMistakeIsRefusedBeforeAnythingIsWritten() throws IOException {
        // Given
        Path config = Files.writeString(data.resolve("config.json"), "{\"allowed_ips\": [");

        // When
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> new Preparation(data).run(config))

                // Then
                .withMessageContaining("config.json");
        assertThat(data.resolve("secrets")).doesNotExist();
    }
}
