package ai.j1msky.common.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Java signs and checks as every other language does: by the vectors that all of them read.
class RequestSignatureTest {

    record Vector(JsonNode json) {
        String text(String field) {
            return json.get(field).stringValue();
        }

        @Override
        public String toString() {
            return text("name");
        }
    }

    static Stream<Vector> vectors() throws IOException {
        Path checkout = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(checkout.resolve("docs/adr"))) {
            checkout = checkout.getParent();
        }
        JsonNode file =
                JsonMapper.shared()
                        .readTree(Files.readString(checkout.resolve("docs/vectors/signing.json")));
        return file.get("vectors").valueStream().map(Vector::new);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyVectorHasItsOutcome(Vector vector) {
        // Given
        RequestSignature right =
                RequestSignature.of(
                        vector.text("api_secret"),
                        vector.text("timestamp"),
                        vector.text("method"),
                        vector.text("target"),
                        vector.text("body").getBytes(StandardCharsets.UTF_8));
        Instant now = Instant.parse(vector.text("now"));

        // When
        boolean fresh =
                SignedTimestamp.parse(vector.text("timestamp"))
                        .filter(time -> SignedTimestamp.isWithinWindow(time, now))
                        .isPresent();
        boolean genuine =
                RequestSignature.parse(vector.text("signature")).filter(right::matches).isPresent();

        // Then
        String outcome = !fresh ? "timestamp" : genuine ? "good" : "signature";
        assertThat(outcome).isEqualTo(vector.text("outcome"));
    }

    @Test
    void oneSignatureHasOneTextInWhateverCaseItCame() {
        // Given
        RequestSignature signature = RequestSignature.of("k", "t", "GET", "/", new byte[0]);
        String upper = signature.hex().toUpperCase(Locale.ROOT);

        // When
        RequestSignature read = RequestSignature.parse(upper).orElseThrow();

        // Then
        assertThat(read.hex()).isEqualTo(signature.hex()).isLowerCase();
        assertThat(read).hasToString("RequestSignature[redacted]");
    }
}
