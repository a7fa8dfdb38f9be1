package ai.j1msky.common.ledger;

import ai.j1msky.common.money.Money;

/// Sums over ledger entries. At every moment what was held is what was charged, released and refunded, and what is
/// still open.
public record LedgerSums(Money held, Money charged, Money released, Money refunded) {

    public static final LedgerSums NONE =
            new LedgerSums(Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO);

    public LedgerSums plus(LedgerKind kind, Money amount) {
        return switch (kind) {
            case HELD -> new LedgerSums(held.plus(amount), charged, released, refunded);
            case CHARGED -> new LedgerSums(held, charged.plus(amount), released, refunded);
            case RELEASED -> new LedgerSums(held, charged, released.plus(amount), refunded);
            case REFUNDED -> new LedgerSums(held, charged, released, refunded.plus(amount));
        };
    }

    /// What is set aside for agents that have not ended.
    ///
    /// @throws IllegalArgumentException when more left than was held: such a ledger is wrong
    public Money open() {
        return held.minus(charged).minus(released).minus(refunded);
    }
}
