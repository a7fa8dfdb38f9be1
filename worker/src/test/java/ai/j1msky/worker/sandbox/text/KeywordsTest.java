package ai.j1msky.worker.sandbox.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeywordsTest {

    @Test
    void repeatedPhrasesComeBeforeTheirWords() {
        // Given
        List<String> text =
                List.of(
                        "A share group spreads the records. Every share group keeps a lock on the records it gave away.",
                        "When Kafka restarts, the share group comes back; Kafka remembers.");

        // When
        List<String> keywords = Keywords.of(text, 3);

        // Then
        assertThat(keywords).containsExactly("share group", "records", "Kafka");
    }

    @Test
    void formsOfOneStemCountTogether() {
        // Given
        List<String> text =
                List.of("Workers wait. The worker starts. Workers stop; a queue grows.");

        // When
        List<String> keywords = Keywords.of(text, 1);

        // Then
        assertThat(keywords).containsExactly("Workers");
    }

    @Test
    void stopWordsNumbersAndSingleLettersAreNoKeywords() {
        // Given
        List<String> text = List.of("It is 2026 and I don't have 5 of those, x y z.");

        // When
        List<String> keywords = Keywords.of(text, 5);

        // Then
        assertThat(keywords).isEmpty();
    }
}
