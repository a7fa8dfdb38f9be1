package ai.j1msky.common.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSecretTest {

    @Test
    void thePlainSecretOfTheReferenceSignsWithItsOwnBytes() {
        assertThat(new WebhookSecret("your_webhook_secret").key())
                .isEqualTo("your_webhook_secret".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aMintedOneIsBase64OfThirtyTwoBytes() {
        // When
        String text = WebhookSecret.mint(new Random(1));

        // Then
        assertThat(text).startsWith("whsec_");
        assertThat(WebhookSecret.mistake(text)).isEmpty();
        assertThat(new WebhookSecret(text).key())
                .hasSize(32)
                .isEqualTo(Base64.getDecoder().decode(text.substring(6)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "short", "fifteen_bytes__", "whsec_", "whsec_no base64!", "whsec_AAAA"})
    void aWeakOrBrokenOneIsNone(String text) {
        assertThat(WebhookSecret.mistake(text)).isPresent();
    }

    @Test
    void itIsNeverPrinted() {
        assertThat(new WebhookSecret("your_webhook_secret")).hasToString("WebhookSecret[redacted]");
    }
}
