package ai.j1msky.common.money;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

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

    /// Dollars of JSON with at most six decimals, from 0 to so many; empty for anything else, also for a number beyond all
    /// bounds, such as 1e400.
    public static Optional<Money> read(JsonNode dollars, int most) {
        return dollars.decimalValueOpt()
                .filter(given -> given.signum() >= 0)
                .filter(given -> given.compareTo(BigDecimal.valueOf(most)) <= 0)
                .filter(given -> given.stripTrailingZeros().scale() <= 6)
                .map(given -> micros(given.movePointRight(6).longValueExact()));
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
