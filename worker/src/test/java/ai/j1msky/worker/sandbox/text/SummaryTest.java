package ai.j1msky.worker.sandbox.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SummaryTest {

    private static final List<String> TEXT =
            List.of(
                    "The broker stores every command in a log. Workers read commands from the log and call a model. Dr. Smith "
                            + "wrote the first worker in 2024. It was slow.",
                    "When a worker dies, another worker reads the same command from the log again. The weather was fine that day. "
                            + "Every answer of a model is written to the log before the client sees the answer.",
                    "However, nobody liked that. Configuration:");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void sentencesAreTheTextsOwnInItsOrder(int wanted) {
        // Given
        String whole = String.join(" ", TEXT);

        // When
        List<String> sentences = Summary.of(TEXT, wanted).sentences();

        // Then
        assertThat(sentences).hasSize(wanted);
        assertThat(sentences.stream().map(whole::indexOf)).isSorted().doesNotContain(-1);
    }

    @Test
    void theMainPointIsKeptAndTheAsideIsNot() {
        // When
        List<String> sentences = Summary.of(TEXT, 3).sentences();

        // Then
        assertThat(sentences)
                .contains("Workers read commands from the log and call a model.")
                .noneMatch(
                        sentence -> sentence.contains("weather") || sentence.startsWith("However"));
    }

    @Test
    void aSentenceIsNotRepeated() {
        // Given
        List<String> text =
                IntStream.range(0, 20)
                        .mapToObj(_ -> "The broker stores every command in a log.")
                        .toList();

        // When
        Summary summary = Summary.of(text, 3);

        // Then
        assertThat(summary.sentences())
                .containsExactly("The broker stores every command in a log.");
    }

    @Test
    void aLongTextIsReadInPartAndSaysSo() {
        // Given
        List<String> text =
                IntStream.range(0, 500)
                        .mapToObj(number -> "Paragraph " + number + " tells a story of its own.")
                        .toList();

        // When
        Summary summary = Summary.of(text, 0);

        // Then
        assertThat(summary.complete()).isFalse();
        assertThat(summary.sentences()).isNotEmpty().hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void manyCallersAtOnceGetTheSameSummary() throws Exception {
        // Given
        Callable<Summary> task = () -> Summary.of(TEXT, 3);
        Summary alone = task.call();

        // When
        List<Future<Summary>> together;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            together = threads.invokeAll(Collections.nCopies(50, task));
        }

        // Then
        assertThat(together).allSatisfy(summary -> assertThat(summary.get()).isEqualTo(alone));
    }
}
