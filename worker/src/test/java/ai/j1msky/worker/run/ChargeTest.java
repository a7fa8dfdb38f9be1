package ai.j1msky.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import org.junit.jupiter.api.Test;

class ChargeTest {

    private static final Price PRICE = new Price(3_000_000, 15_000_000);
    private static final Money HOLD = Money.micros(1_000);

    @Test
    void usageWithinTheHoldIsChargedExactly() {
        // When
        Charge charge = Charge.of(PRICE, new Usage(100, 20), HOLD);

        // Then
        assertThat(charge).isEqualTo(new Charge(Money.micros(600), false));
    }

    @Test
    void usageBeyondTheHoldIsClampedAndSaysSo() {
        // When
        Charge charge = Charge.of(PRICE, new Usage(1_000, 1_000), HOLD);

        // Then
        assertThat(charge).isEqualTo(new Charge(HOLD, true));
    }

    @Test
    void usageBeyondAllMoneyIsClampedToo() {
        // When
        Charge charge = Charge.of(PRICE, new Usage(Long.MAX_VALUE, Long.MAX_VALUE), HOLD);

        // Then
        assertThat(charge).isEqualTo(new Charge(HOLD, true));
    }
}
