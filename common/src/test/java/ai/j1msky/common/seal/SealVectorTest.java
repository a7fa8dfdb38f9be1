package ai.j1msky.common.seal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.id.AgentId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What was sealed once can be opened for ever: the examples were checked against another implementation of AES-GCM.
class SealVectorTest {

    private static JsonNode vector;
    private static AgentId agent;

    @TempDir Path directory;

    @BeforeAll
    static void readVector() throws IOException {
        try (InputStream json =
                SealVectorTest.class.getResourceAsStream("/vectors/sealed-text-v1.json")) {
            vector = JsonMapper.shared().readTree(json);
        }
        agent = new AgentId(vector.get("agent_id").stringValue());
    }

    @Test
    void theSealedTextOfVersionOneIsOpened() throws Exception {
        // Given
        DataKey key =
                new DataKey(HexFormat.of().parseHex(vector.get("data_key_hex").stringValue()));

        // When
        String text =
                key.open(
                        agent,
                        vector.get("field").stringValue(),
                        new SealedText(vector.get("sealed").stringValue()));

        // Then
        assertThat(text).isEqualTo(vector.get("text").stringValue());
    }

    @Test
    void theWrappedKeyOfVersionOneIsUnwrapped() throws IOException {
        // Given
        Path file =
                Files.writeString(
                        directory.resolve("master.json"), vector.get("master_keyset").toString());

        // When
        DataKey key =
                MasterKey.load(file)
                        .unwrap(new WrappedKey(vector.get("wrapped").stringValue()), agent);

        // Then
        assertThat(HexFormat.of().formatHex(key.bytes()))
                .isEqualTo(vector.get("data_key_hex").stringValue());
    }
}
