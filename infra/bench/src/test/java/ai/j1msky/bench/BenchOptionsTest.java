package ai.j1msky.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchOptionsTest {

    @Test
    void defaultsArePartOfTheContract() {
        assertThat(BenchOptions.parse(List.of()).effort().measured())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(BenchOptions.parse(List.of()).effort().rounds()).isEqualTo(3);
        assertThat(BenchOptions.parse(List.of()).effort().connections()).isEqualTo(64);
        assertThat(BenchOptions.parse(List.of()).hostile()).isZero();
        assertThat(BenchOptions.parse(List.of("--short")).hostile())
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(BenchOptions.parse(List.of()).webhooks()).isEqualTo(Duration.ofSeconds(60));
        assertThat(BenchOptions.parse(List.of("--short")).webhooks())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(BenchOptions.parse(List.of("--short")).effort().measured())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void everyOptionIsRead() {
        // When
        BenchOptions options =
                BenchOptions.parse(
                        List.of(
                                "--checkout",
                                "/src",
                                "--short",
                                "--json",
                                "out.json",
                                "--seconds",
                                "9",
                                "--connections",
                                "8",
                                "--hostile",
                                "60",
                                "--money",
                                "--cluster",
                                "--webhooks",
                                "--floors-only"));

        // Then
        assertThat(options)
                .isEqualTo(
                        new BenchOptions(
                                Path.of("/src"),
                                true,
                                true,
                                true,
                                true,
                                true,
                                Path.of("out.json"),
                                9,
                                8,
                                60));
        assertThat(options.effort().measured()).isEqualTo(Duration.ofSeconds(9));
    }

    @ParameterizedTest
    @CsvSource({
        "--seconds 0, --seconds must be a number from 1 to 600",
        "--seconds x, --seconds must be a number from 1 to 600",
        "--connections 1001, --connections must be a number from 1 to 1000",
        "--hostile 9, --hostile must be a number from 10 to 3600",
        "--json, --json needs a value",
        "--fast, unknown option --fast"
    })
    void aMistakeIsAnsweredWithASentence(String line, String sentence) {
        assertThatThrownBy(() -> BenchOptions.parse(List.of(line.split(" ", -1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }
}
