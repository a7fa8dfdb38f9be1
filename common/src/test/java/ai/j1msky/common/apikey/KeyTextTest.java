package ai.j1msky.common.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTextTest {

    private static final String VECTOR = "live_sk_a0fqq6ChisuMe3Jc7K3HaOtfKKZq8vnB2JrnHt";

    @ParameterizedTest
    @EnumSource
    void aMintedKeyIsParsed(KeyEnvironment environment) {
        // Given
        KeyText minted = KeyText.mint(environment, new SecureRandom());

        // When
        Optional<KeyText> parsed = KeyText.parse(minted.reveal());

        // Then
        assertThat(parsed).map(KeyText::reveal).contains(minted.reveal());
        assertThat(parsed).map(KeyText::environment).contains(environment);
        assertThat(minted.reveal())
                .matches(environment.wireName() + "_sk_[0-9A-Za-z]{38}")
                .startsWith(minted.shownPrefix())
                .endsWith(minted.lastFour());
        assertThat(minted.shownPrefix()).hasSize(environment.wireName().length() + 8);
    }

    @Test
    void theFormatDoesNotDrift() {
        // When
        KeyText key = KeyText.parse(VECTOR).orElseThrow();

        // Then
        assertThat(key.environment()).isEqualTo(KeyEnvironment.LIVE);
        assertThat(key.sha256())
                .isEqualTo("644fea59723524daf147a9f1461aa99c3800bba814150448b3478fe8ed145596");
        assertThat(key.shownPrefix()).isEqualTo("live_sk_a0fq");
        assertThat(key.lastFour()).isEqualTo("rnHt");
    }

    @Test
    void everyChangeOfOneCharacterIsRefused() {
        for (int at = 0; at < VECTOR.length(); at++) {
            for (char other = ' '; other <= 'ÿ'; other++) {
                if (other != VECTOR.charAt(at)) {
                    String changed = VECTOR.substring(0, at) + other + VECTOR.substring(at + 1);
                    assertThat(KeyText.parse(changed)).as("%d %c", at, other).isEmpty();
                }
            }
        }
    }

    @Test
    void everySwapOfTwoNeighboursIsRefused() {
        for (int at = 0; at < VECTOR.length() - 1; at++) {
            char left = VECTOR.charAt(at);
            char right = VECTOR.charAt(at + 1);
            if (left != right) {
                String swapped = VECTOR.substring(0, at) + right + left + VECTOR.substring(at + 2);
                assertThat(KeyText.parse(swapped)).as("%d", at).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "live_sk_",
                "LIVE" + "_sk_a0fqq6ChisuMe3Jc7K3HaOtfKKZq8vnB2JrnHt",
                VECTOR + "0",
                " " + VECTOR,
                VECTOR + "\n",
                "test_sk_a0fqq6ChisuMe3Jc7K3HaOtfKKZq8vnB2JrnHt"
            })
    void otherShapesAreRefused(String text) {
        assertThat(KeyText.parse(text)).isEmpty();
    }

    @Test
    void theTextIsNotPrinted() {
        assertThat(KeyText.parse(VECTOR).orElseThrow()).hasToString("KeyText[redacted]");
    }
}
