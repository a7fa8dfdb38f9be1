package ai.j1msky.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderSettingsTest {

    private static final ApiKey KEY = new ApiKey(" sk-abc123 ");

    @Test
    void theUsualSettingsArePartOfTheContract() {
        // When
        ProviderSettings settings =
                ProviderSettings.of("kimi", Wire.OPENAI, URI.create("https://a.example/v1"), KEY);

        // Then
        assertThat(settings.idleTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.outputCapField()).isEqualTo(OutputCapField.MAX_TOKENS);
    }

    @Test
    void theKeyIsNotPrintedWithItsSettings() {
        // When
        String printed =
                ProviderSettings.of("kimi", Wire.OPENAI, URI.create("https://a.example/v1"), KEY)
                        .toString();

        // Then
        assertThat(printed).doesNotContain("abc123");
        assertThat(KEY.reveal()).isEqualTo("sk-abc123");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://a.example",
                "a.example",
                "http:///v1",
                "https://u:pass99@a.example/v1",
                "https://a.example/v1?k=pass99",
                "https://a.example/#pass99"
            })
    void anAddressThatIsMoreOrLessThanHostAndPathIsRefusedUnquoted(String url) {
        assertThatThrownBy(() -> ProviderSettings.of("kimi", Wire.OPENAI, URI.create(url), KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("kimi: the base URL must be")
                .hasMessageNotContaining("pass99");
    }

    @Test
    void theAnthropicWireNeedsAKey() {
        assertThatThrownBy(
                        () ->
                                ProviderSettings.of(
                                        "a", Wire.ANTHROPIC, URI.create("https://a.example"), null))
                .hasMessage("a: the anthropic wire needs a key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "sk-abc 123", "sk-abc\r\nX: 1", "schlüssel"})
    void aKeyThatCannotStandInAHeaderIsRefusedUnquoted(String key) {
        assertThatThrownBy(() -> new ApiKey(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("abc")
                .hasMessageNotContaining("schl");
    }
}
