package ai.j1msky.common.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class MoneyTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "1, 0.000001",
        "50000, 0.05",
        "1000000, 1.0",
        "50000000, 50.0",
        "1000001, 1.000001",
        "1230000, 1.23",
        "9223372036854775807, 9223372036854.775807"
    })
    void dollarsHaveOneToSixDecimals(long micros, String dollars) {
        assertThat(Money.micros(micros).dollars().toPlainString()).isEqualTo(dollars);
        assertThat(Money.micros(micros)).hasToString("$" + dollars);
    }

    @Test
    void noAmountIsNegative() {
        assertThatThrownBy(() -> Money.micros(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Money.micros(1).minus(Money.micros(2)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSumThatOverflowsIsRefused() {
        assertThatThrownBy(() -> Money.micros(Long.MAX_VALUE).plus(Money.micros(1)))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void amountsAddSubtractAndCompare() {
        assertThat(Money.micros(3).plus(Money.micros(4))).isEqualTo(Money.micros(7));
        assertThat(Money.micros(7).minus(Money.micros(4))).isEqualTo(Money.micros(3));
        assertThat(Money.micros(7).atMost(Money.micros(4))).isEqualTo(Money.micros(4));
        assertThat(Money.micros(3).atMost(Money.micros(4))).isEqualTo(Money.micros(3));
        assertThat(Money.micros(3)).isLessThan(Money.micros(4));
    }

    @Test
    void onTopicsAnAmountIsAWholeNumberOfMicros() {
        assertThat(JsonMapper.shared().writeValueAsString(Money.micros(42))).isEqualTo("42");
        assertThat(JsonMapper.shared().readValue("42", Money.class)).isEqualTo(Money.micros(42));
    }

    @Test
    void aPriceIsReadAsPeopleWriteIt() {
        assertThat(Price.dollarsPerMillion(new BigDecimal("0.60"), new BigDecimal("3")))
                .isEqualTo(new Price(600_000, 3_000_000));
    }

    @Test
    void aPriceFinerThanAMicroIsRefused() {
        assertThatThrownBy(
                        () -> Price.dollarsPerMillion(new BigDecimal("0.0000001"), BigDecimal.ONE))
                .isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1000000, 0, 600000",
        "0, 1000000, 3000000",
        "1200, 345, 1755",
        "1, 0, 1",
        "2, 1, 4",
        "4, 1, 5",
        "0, 1, 3"
    })
    void aCostIsTheExactSumRoundedOnce(long input, long output, long micros) {
        // Given
        Price price = new Price(600_000, 3_000_000);

        // When
        Money cost = price.costOf(new Usage(input, output));

        // Then
        assertThat(cost).isEqualTo(Money.micros(micros));
    }

    @Test
    void twoHalvesMakeOneMicroAndNotTwo() {
        // Given
        Price price = new Price(500_000, 500_000);

        // When
        Money cost = price.costOf(new Usage(1, 1));

        // Then
        assertThat(cost).isEqualTo(Money.micros(1));
    }

    @Test
    void aHalfIsRoundedUp() {
        assertThat(new Price(500_000, 0).costOf(new Usage(1, 0))).isEqualTo(Money.micros(1));
        assertThat(new Price(499_999, 0).costOf(new Usage(1, 0))).isEqualTo(Money.ZERO);
    }

    @Test
    void productsBeyondLongAreStillExact() {
        // 9e18 tokens at 1e12 would overflow many times over; the quotient is what has to fit.
        assertThat(new Price(1, 0).costOf(new Usage(Long.MAX_VALUE, 0)))
                .isEqualTo(Money.micros(9_223_372_036_855L));
    }

    @Test
    void aCostBeyondLongIsRefused() {
        // Given
        Price dear = new Price(Long.MAX_VALUE, Long.MAX_VALUE);

        // When / Then
        assertThatThrownBy(() -> dear.costOf(new Usage(Long.MAX_VALUE, Long.MAX_VALUE)))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void tokensAndPricesAreNeverNegative() {
        assertThatThrownBy(() -> new Usage(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Usage(0, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Price(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
