package ai.j1msky.worker.sandbox.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextRankTest {

    @Test
    void theSentenceThatSharesMostWordsRanksHighest() {
        // Given
        TextRank graph =
                TextRank.of(
                        List.of(
                                List.of("moon", "cheese"),
                                List.of("agent", "log"),
                                List.of("agent", "log", "queue", "worker"),
                                List.of("queue", "worker")));

        // When
        double[] ranks = graph.ranks();

        // Then
        assertThat(ranks[2])
                .isGreaterThan(ranks[0])
                .isGreaterThan(ranks[1])
                .isGreaterThan(ranks[3]);
    }

    @Test
    void similarityIsTheCosineOfTheWeights() {
        // Given
        TextRank graph =
                TextRank.of(
                        List.of(
                                List.of("a", "b"),
                                List.of("b", "a"),
                                List.of("c"),
                                List.of("a", "c")));

        // When
        double same = graph.similarity(0, 1);

        // Then
        assertThat(same).isCloseTo(1, within(1e-9));
        assertThat(graph.similarity(0, 2)).isZero();
        assertThat(graph.similarity(0, 3)).isBetween(0.1, 0.9);
    }

    @Test
    void sentencesWithoutWordsAndNoSentencesAtAllAreNoError() {
        // Given
        TextRank empty = TextRank.of(List.of());
        TextRank wordless = TextRank.of(List.of(List.of(), List.of()));

        // When
        double[] ranks = wordless.ranks();

        // Then
        assertThat(ranks).hasSize(2).doesNotContain(Double.NaN);
        assertThat(empty.ranks()).isEmpty();
    }
}
