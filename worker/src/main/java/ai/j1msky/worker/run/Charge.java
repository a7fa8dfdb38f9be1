package ai.j1msky.worker.run;

import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;

/// What an attempt costs: its usage at the model's price, never more than was set aside.
///
/// @param clamped the usage would have cost more
record Charge(Money cost, boolean clamped) {

    static Charge of(Price price, Usage usage, Money hold) {
        try {
            Money exact = price.costOf(usage);
            return new Charge(exact.atMost(hold), exact.compareTo(hold) > 0);
        } catch (ArithmeticException beyondAllMoney) {
            return new Charge(hold, true);
        }
    }
}
