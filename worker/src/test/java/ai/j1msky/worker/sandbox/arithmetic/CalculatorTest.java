package ai.j1msky.worker.sandbox.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.worker.sandbox.arithmetic.Calculator.Outcome;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class CalculatorTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    12*(3+4) | 84
                    0.1+0.2 | 0.3
                    -2^2 | -4
                    2^-1 | 0.5
                    2^3^2 | 512
                    2(3+4) | 14
                    10 % 3 | 1
                    7/8 | 0.875
                    max(1, 2, 3) * 2 | 6
                    round(2.5, 0) | 2
                    99999999999999999999 * 99999999999999999999 | 9999999999999999999800000000000000000001
                    10^100 - 10^100 | 0
                    """)
    void exactResultsAreShownExactly(String expression, String result) {
        // When
        Outcome outcome = Calculator.calculate(expression);

        // Then
        assertThat(outcome).isEqualTo(new Outcome.Value(result, true));
    }

    @ParameterizedTest
    @CsvSource({
        "1/3, 0.333333333333333",
        "2^0.5, 1.4142135623731",
        "2*pi, 6.28318530717959",
        "2^300, 2.03703597633449E+90"
    })
    void otherResultsAreRoundedTo15Digits(String expression, String result) {
        // When
        Outcome outcome = Calculator.calculate(expression);

        // Then
        assertThat(outcome).isEqualTo(new Outcome.Value(result, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9^9^9^9",
                "9^-9^9",
                "1/0",
                "5 % 0",
                "0^-1",
                "(-8)^0.5",
                "sqrt(-1)",
                "10^1001",
                "1.0001^99999999999",
                "(10^999)^(10^999)",
                "0.5^(9^9)",
                "9^999999999999999999999"
            })
    void whatHasNoValueOrATooLargeOneIsRefusedWithAReason(String expression) {
        // When
        Outcome outcome = Calculator.calculate(expression);

        // Then
        assertThat(outcome).isInstanceOf(Outcome.NoValue.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "42",
                "the capital of France",
                "1 + x",
                "\"a\" + \"b\"",
                "a[1]",
                "fact(170)",
                "random()*2",
                "1e999*2",
                "1 +",
                "(((((",
                "2024",
                "if(1,2,3)",
                "0x10 + 1",
                "e.g. - -"
            })
    void everythingElseIsNotArithmetic(String text) {
        // When
        Outcome outcome = Calculator.calculate(text);

        // Then
        assertThat(outcome).isEqualTo(new Outcome.NotArithmetic());
    }

    static Stream<String> longExpressions() {
        return Stream.of(
                "(".repeat(240) + "1+1" + ")".repeat(240),
                "-".repeat(498) + "1",
                "10^999*".repeat(70) + "1",
                "sqrt(".repeat(70) + "10^999*10^999" + ")".repeat(70),
                "floor(" + "10^999*".repeat(60) + "1)%7",
                "1+".repeat(900) + "1",
                "9".repeat(400) + "*9",
                "2^".repeat(240) + "2",
                "round(1/3, " + "9".repeat(50) + ")",
                "round(1/3, 10^9)",
                "round(1/3, 999999999)",
                "round(1/3, -999999999)");
    }

    @ParameterizedTest
    @MethodSource("longExpressions")
    void noExpressionCostsMuch(String expression) {
        // When
        Outcome outcome = Calculator.calculate(expression);

        // Then
        assertThat(outcome.toString()).hasSizeLessThan(300);
    }

    @Test
    void seededGarbageNeverThrows() {
        // Given
        String[] parts = {
            "1",
            "9",
            "0",
            ".",
            "999",
            "+",
            "-",
            "*",
            "/",
            "%",
            "^",
            "(",
            ")",
            ",",
            " ",
            "sqrt(",
            "max(",
            "round(",
            "pi",
            "e",
            "floor(",
            "sum(",
            "average()",
            "10^"
        };
        SplittableRandom random = new SplittableRandom(42);

        // When
        Stream<Outcome> outcomes =
                Stream.generate(
                                () -> {
                                    StringBuilder expression = new StringBuilder();
                                    random.ints(random.nextInt(1, 40), 0, parts.length)
                                            .forEach(part -> expression.append(parts[part]));
                                    return expression.toString();
                                })
                        .limit(20_000)
                        .map(Calculator::calculate);

        // Then
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.toString()).hasSizeLessThan(300));
    }
}
