package ai.j1msky.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import ai.j1msky.worker.model.MeteredUsage;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChargeTest {

    private static final Price PRICE = new Price(3_000_000, 15_000_000);
    private static final Money HOLD = Money.micros(1_000);

    private static MeteredUsage reported(long input, long output) {
        return MeteredUsage.reported(new Usage(input, output));
    }

    @ParameterizedTest
    @EnumSource
    void usageWithinTheHoldIsChargedExactlyAndStaysAsItWasMetered(Metering metering) {
        // When
        Charge charge = Charge.of(PRICE, new MeteredUsage(new Usage(100, 20), metering), HOLD);

        // Then
        assertThat(charge).isEqualTo(new Charge(Money.micros(600), metering));
    }

    @Test
    void usageThatCostsTheWholeHoldIsNotClamped() {
        assertThat(Charge.of(PRICE, reported(0, 66), Money.micros(990)))
                .isEqualTo(new Charge(Money.micros(990), Metering.REPORTED));
        assertThat(Charge.of(PRICE, reported(0, 66), Money.micros(989)))
                .isEqualTo(new Charge(Money.micros(989), Metering.CLAMPED));
    }

    @Test
    void usageBeyondTheHoldIsClampedAndSaysSo() {
        // When
        Charge charge = Charge.of(PRICE, reported(1_000, 1_000), HOLD);

        // Then
        assertThat(charge).isEqualTo(new Charge(HOLD, Metering.CLAMPED));
    }

    @Test
    void usageBeyondAllMoneyIsClampedToo() {
        // When
        Charge charge = Charge.of(PRICE, reported(Long.MAX_VALUE, Long.MAX_VALUE), HOLD);

        // Then
        assertThat(charge).isEqualTo(new Charge(HOLD, Metering.CLAMPED));
    }

    @Test
    void noChargeIsEverAboveItsHold() {
        // Given
        Random random = new Random(15);
        List<Long> edges = List.of(0L, 1L, 999_999L, 1L << 40, Long.MAX_VALUE - 1, Long.MAX_VALUE);

        for (int round = 0; round < 100_000; round++) {
            Price price = new Price(any(edges, random), any(edges, random));
            Money hold = Money.micros(any(edges, random));

            // When
            Charge charge =
                    Charge.of(price, reported(any(edges, random), any(edges, random)), hold);

            // Then
            assertThat(charge.cost()).isLessThanOrEqualTo(hold);
        }
    }

    private static long any(List<Long> edges, Random random) {
        return random.nextBoolean()
                ? edges.get(random.nextInt(edges.size()))
                : random.nextLong(1L << random.nextInt(1, 63));
    }
}
