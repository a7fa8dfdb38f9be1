package ai.j1msky.worker.sandbox.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextStatisticsTest {

    @Test
    void wordsSentencesAndCharactersAreCounted() {
        // Given
        String text = "Dr. Smith isn't here. He left - at 5 p.m. 😀";

        // When
        TextStatistics statistics = TextStatistics.of(text);

        // Then
        assertThat(statistics.words()).isEqualTo(9);
        assertThat(statistics.characters()).isEqualTo(43);
        assertThat(statistics.sentences()).isBetween(2L, 3L);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 s", "10, 3 s", "1000, 5 min", "10000, 43 min"})
    void readingTimeIsGivenInSecondsOrMinutes(long words, String time) {
        // Given
        TextStatistics statistics = new TextStatistics(words, 1, 1);

        // When
        String description = statistics.description();

        // Then
        assertThat(description).endsWith("Reading time: about " + time);
    }

    @ParameterizedTest
    @CsvSource({
        "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字 ok, false",
        "漢字, true",
        "Über den Wolken ist die Freiheit, true",
        "12345, true"
    })
    void aTextIsLatinUnlessMostOfItsLettersAreNot(String text, boolean latin) {
        // When
        boolean mostlyLatin = Script.isMostlyLatin(text);

        // Then
        assertThat(mostlyLatin).isEqualTo(latin);
    }
}
