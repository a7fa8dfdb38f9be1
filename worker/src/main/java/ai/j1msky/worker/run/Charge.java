package ai.j1msky.worker.run;

import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.worker.model.MeteredUsage;

/// What an attempt costs: its usage at the order's price, never more than was set aside.
///
/// @param metering how the usage became known; clamped when it would have cost more
record Charge(Money cost, Metering metering) {

    static Charge of(Price price, MeteredUsage used, Money hold) {
        try {
            Money exact = price.costOf(used.usage());
            return exact.compareTo(hold) > 0
                    ? new Charge(hold, Metering.CLAMPED)
                    : new Charge(exact, used.metering());
        } catch (ArithmeticException beyondAllMoney) {
            return new Charge(hold, Metering.CLAMPED);
        }
    }
}
