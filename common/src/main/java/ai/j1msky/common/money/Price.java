package ai.j1msky.common.money;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// What a model costs, in micro-dollars per million tokens, which is the same number as pico-dollars per token.
///
/// @param inputMicrosPerMillion for tokens read
/// @param outputMicrosPerMillion for tokens written
public record Price(long inputMicrosPerMillion, long outputMicrosPerMillion) {

    public static final Price FREE = new Price(0, 0);

    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    public Price {
        if (inputMicrosPerMillion < 0 || outputMicrosPerMillion < 0) {
            throw new IllegalArgumentException("a price is never negative");
        }
    }

    /// From dollars per million tokens as people write them; more than six decimals are refused.
    public static Price dollarsPerMillion(BigDecimal input, BigDecimal output) {
        return new Price(
                input.multiply(MILLION).longValueExact(),
                output.multiply(MILLION).longValueExact());
    }

    /// The exact sum for both directions, rounded once, half up, to a whole micro-dollar. A sum beyond `long` is an
    /// [ArithmeticException].
    public Money costOf(Usage usage) {
        BigInteger pico =
                product(usage.inputTokens(), inputMicrosPerMillion)
                        .add(product(usage.outputTokens(), outputMicrosPerMillion));
        return Money.micros(
                new BigDecimal(pico).divide(MILLION, 0, RoundingMode.HALF_UP).longValueExact());
    }

    private static BigInteger product(long tokens, long price) {
        return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(price));
    }
}
