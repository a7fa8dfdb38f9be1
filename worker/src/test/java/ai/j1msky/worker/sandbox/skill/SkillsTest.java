package ai.j1msky.worker.sandbox.skill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SkillsTest {

    private static final String STORY =
            """
            The old lighthouse keeper watched the storm from his window. The storm broke the lamp of the lighthouse, and \
            ships lost their way. The keeper climbed the stairs and lit an oil lamp by hand. All the ships found the \
            harbour before morning.""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    What is 12*(3+4)? | 12*(3+4) = 84
                    what's 7 times 8 | 7 times 8 = 56
                    Please calculate: 15% of 80 | 15% of 80 = 12
                    How much is 1,234 × 5? | 1,234 × 5 = 6170
                    2+2 = | 2+2 = 4
                    compute 1/3 | 1/3 ≈ 0.333333333333333
                    What is 9^9^9^9? | I cannot calculate this: it is larger or smaller than I calculate with.
                    """)
    void arithmeticIsAnswered(String task, String answer) {
        // When
        Optional<String> answered = Skills.answer(task);

        // Then
        assertThat(answered).hasValue(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Summarise: ",
                "Summarize this text in 2 sentences:\n",
                "tl;dr: ",
                "TL;DR ",
                "Please summarise the following " + "text.\n\n",
                "Give me a short summary of this story: ",
                "You are a helpful assistant. Summarise this: ",
                "Write a two-sentence summary:\n",
                "Read this and summarise it:\n"
            })
    void summariesAreUnderstoodInManyWords(String request) {
        // When
        Optional<String> answered = Skills.answer(request + STORY);

        // Then
        assertThat(answered.orElseThrow()).contains("lighthouse keeper").contains("\n\nKeywords: ");
    }

    @Test
    void aReadmeIsSummarisedByItsProseAndNotItsMarkup() {
        // Given
        String readme =
                """
                # Lamplight

                [![build](https://example.com/badge.svg)](https://example.com)

                Lamplight is a small server that **turns lights on** and off. It runs on a Raspberry Pi, and every lamp in the \
                house talks to the server over the radio.

                ## Install

                ```sh
                curl https://example.com/install.sh | sh
                ```

                | Lamp | Colour |
                |------|--------|
                | desk | red    |

                - The server remembers the state of every lamp in [a log](docs/log.md).
                - When the server restarts, every lamp gets its last state back within a second.
                """;

        // When
        Optional<String> answered = Skills.answer("Summarise this README:\n\n" + readme);

        // Then
        assertThat(answered)
                .hasValue(
                        """
                        Lamplight is a small server that turns lights on and off. The server remembers the state of every lamp in \
                        a log. When the server restarts, every lamp gets its last state back within a second.

                        Keywords: server, lamp, state""");
    }

    @Test
    void tlDrMayComeLast() {
        // When
        Optional<String> answered = Skills.answer(STORY + "\n\nTL;DR?");

        // Then
        assertThat(answered.orElseThrow()).contains("lighthouse").contains("Keywords: ");
    }

    @Test
    void theNumberOfSentencesAndBulletsAreHonoured() {
        // When
        Optional<String> answered =
                Skills.answer("Summarise in two sentences as bullet points: " + STORY);

        // Then
        assertThat(answered.orElseThrow().lines().filter(line -> line.startsWith("- "))).hasSize(2);
    }

    @Test
    void keywordsAreListed() {
        // When
        Optional<String> answered = Skills.answer("Extract the top 2 keywords: " + STORY);

        // Then
        assertThat(answered).hasValue("Keywords: lighthouse, keeper");
    }

    @Test
    void aTableIsDescribedAlsoWhenASummaryIsAskedFor() {
        // When
        Optional<String> answered = Skills.answer("Summarise:\nname,score\nAnn,3\nBob,5\n");

        // Then
        assertThat(answered.orElseThrow())
                .startsWith("2 rows, 2 columns")
                .contains("- score: numbers, min 3, max 5, mean 4, sum 8");
    }

    @Test
    void textIsCounted() {
        // When
        Optional<String> answered =
                Skills.answer("How many words are in this text: one two three.");

        // Then
        assertThat(answered.orElseThrow()).startsWith("Words: 3\nSentences: 1\nCharacters: 14\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Summarise: ", "Keywords: "})
    void anotherScriptIsRefusedInPlainWords(String request) {
        // When
        Optional<String> answered = Skills.answer(request + "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。");

        // Then
        assertThat(answered.orElseThrow()).startsWith("The sandbox reads English only");
    }

    @Test
    void countsOfAnotherScriptCarryANote() {
        // When
        Optional<String> answered = Skills.answer("Word count: 吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。");

        // Then
        assertThat(answered.orElseThrow()).startsWith("Words: 1\n").contains("reads English only");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Hello",
                "Write a poem about the sea",
                "What is the capital of France?",
                "Summarise the French revolution",
                "Summarise https://example.com/article",
                "Write a CSV parser in Java: fast",
                "Translate this summary of: Hallo",
                "Summarise in German: The cat sat.",
                "How many words are there?",
                "2026-11-01",
                "Explain keywords: break",
                "Analyse this CSV: there is none",
                "sum",
                "+41 44 123"
            })
    void whatNoSkillCanDoIsLeftAlone(String task) {
        // When
        Optional<String> answered = Skills.answer(task);

        // Then
        assertThat(answered).isEmpty();
    }

    @Test
    void aTextWithoutSentencesIsNoError() {
        // When
        Optional<String> answered = Skills.answer("Summarise:\n```\ncode only\n```");

        // Then
        assertThat(answered).hasValue("I found no sentences to summarise in this text.");
    }
}
