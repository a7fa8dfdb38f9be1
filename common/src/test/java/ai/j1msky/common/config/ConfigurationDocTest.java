package ai.j1msky.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Writes the page with `-Dwrite.docs=true`, else fails when the committed one differs.
class ConfigurationDocTest {

    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    @Test
    void theCommittedPageIsWhatTheSettingsSay() throws IOException {
        // Given
        String rendered = ConfigurationDoc.render();
        if (Boolean.getBoolean("write.docs")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, rendered);
        }

        // When
        String committed = Files.readString(PAGE);

        // Then
        assertThat(committed)
                .as("docs/configuration.md; write it with -Dwrite.docs=true")
                .isEqualTo(rendered);
    }
}
