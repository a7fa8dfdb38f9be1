package ai.j1msky.common.money;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;

/// An amount of US dollars in whole micro-dollars, never negative.
public record Money(@JsonValue long micros) implements Comparable<Money> {

    public static final Money ZERO = new Money(0);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Money {
        if (micros < 0) {
            throw new IllegalArgumentException("negative amount: " + micros + " micro-dollars");
        }
    }

    public static Money micros(long micros) {
        return micros == 0 ? ZERO : new Money(micros);
    }

    public Money plus(Money other) {
        return new Money(Math.addExact(micros, other.micros));
    }

    /// What is left of this after `other` is taken away; throws when `other` is the larger.
    public Money minus(Money other) {
        return new Money(Math.subtractExact(micros, other.micros));
    }

    public Money atMost(Money limit) {
        return micros <= limit.micros ? this : limit;
    }

    /// Dollars for the wire: at most six decimals, at least one (`0.0`, `0.05`, `1.000001`).
    public BigDecimal dollars() {
        BigDecimal exact = BigDecimal.valueOf(micros, 6).stripTrailingZeros();
        return exact.scale() < 1 ? exact.setScale(1) : exact;
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(micros, other.micros);
    }

    @Override
    public String toString() {
        return "$" + dollars().toPlainString();
    }
}
