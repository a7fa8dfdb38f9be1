package ai.j1msky.notifier.send;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.webhook.WebhookSecret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Deliveries are signed, and checked by a plain receiver, as in every other language: by the vectors that all of them
/// read.
class WebhookVectorTest {

    private static final int WINDOW_SECONDS = 300;

    record Vector(JsonNode json) {
        String text(String field) {
            return json.get(field).stringValue();
        }

        byte[] body() {
            return text("body").getBytes(StandardCharsets.UTF_8);
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
                        .readTree(Files.readString(checkout.resolve("docs/vectors/webhooks.json")));
        return file.get("vectors").valueStream().map(Vector::new);
    }

    static Stream<Vector> sent() throws IOException {
        return vectors().filter(vector -> vector.json.has("signers"));
    }

    @ParameterizedTest
    @MethodSource("sent")
    void theNotifierSignsSo(Vector vector) {
        // Given
        List<WebhookSecret> secrets =
                vector.json
                        .get("signers")
                        .valueStream()
                        .map(secret -> new WebhookSecret(secret.stringValue()))
                        .toList();
        Envelope envelope =
                new Envelope(
                        vector.text("id"),
                        URI.create("https://example.com/"),
                        secrets,
                        1,
                        vector.body());

        // When
        String signature = Sender.signature(envelope, Long.parseLong(vector.text("timestamp")));

        // Then
        assertThat(signature).isEqualTo(vector.text("signature"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyVectorHasItsOutcome(Vector vector) throws GeneralSecurityException {
        // When
        String outcome = !isFresh(vector) ? "timestamp" : isGenuine(vector) ? "good" : "signature";

        // Then
        assertThat(outcome).isEqualTo(vector.text("outcome"));
    }

    private static boolean isFresh(Vector vector) {
        String timestamp = vector.text("timestamp");
        return timestamp.matches("[0-9]{1,15}")
                && Math.abs(Long.parseLong(timestamp) - vector.json.get("now").longValue())
                        <= WINDOW_SECONDS;
    }

    private static boolean isGenuine(Vector vector) throws GeneralSecurityException {
        byte[] key = new WebhookSecret(vector.text("secret")).key();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        String head = vector.text("id") + "." + vector.text("timestamp") + ".";
        mac.update(head.getBytes(StandardCharsets.UTF_8));
        String right = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(vector.body()));
        return Arrays.asList(vector.text("signature").split(" ", -1)).contains(right);
    }
}
