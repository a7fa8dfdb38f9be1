package ai.j1msky.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCountTest {

    @ParameterizedTest
    @CsvSource({"'', 0", "a, 1", "abcd, 1", "abcde, 2", "éé, 1", "漢漢, 2", "😀, 1", "😀!, 2"})
    void fourBytesOfUtf8AreOneTokenRoundedUp(String text, long tokens) {
        // When
        long counted = TokenCount.of(text);

        // Then
        assertThat(counted).isEqualTo(tokens);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void cuttingKeepsTheLongestWholeBeginning(int maxBytes) {
        // Given
        String text = "aé漢😀b";

        // When
        String kept = TokenCount.cut(text, maxBytes);

        // Then
        assertThat(text).startsWith(kept);
        assertThat(kept.getBytes(StandardCharsets.UTF_8).length)
                .isBetween(Math.max(0, maxBytes - 3), maxBytes);
        assertThat(kept).doesNotEndWith("\ud83d");
    }

    @Test
    void aShortTextIsNotCut() {
        // Given
        String text = "short";

        // When
        String kept = TokenCount.cut(text, 5);

        // Then
        assertThat(kept).isEqualTo("short");
    }
}
