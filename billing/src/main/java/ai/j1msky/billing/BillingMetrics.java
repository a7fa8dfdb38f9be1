package ai.j1msky.billing;

import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.money.Money;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

/// What billing tells Prometheus. Money is in micro-dollars.
public final class BillingMetrics {

    private final MeterRegistry meters;
    private final AtomicLong works = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong difference = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong lag = new AtomicLong();
    private final Counter restarts;
    private final Counter unreadable;

    public BillingMetrics(MeterRegistry meters) {
        this.meters = meters;
        meters.gauge("j1msky.billing.owner", works);
        meters.gauge("j1msky.ledger.open.micros", held);
        meters.gauge("j1msky.ledger.difference.micros", difference);
        meters.gauge("j1msky.ledger.open.agents", open);
        meters.gauge("j1msky.billing.lag", lag);
        this.restarts = meters.counter("j1msky.billing.restarts");
        this.unreadable = meters.counter("j1msky.billing.unreadable");
    }

    /// These are on the ledger.
    void moved(Collection<LedgerEntry> entries) {
        for (LedgerEntry entry : entries) {
            meters.counter("j1msky.ledger.micros", "kind", entry.kind().wireName())
                    .increment((double) entry.amount().micros());
        }
    }

    /// These are on their topic.
    void alerted(Collection<BillingAlert> alerts) {
        for (BillingAlert alert : alerts) {
            meters.counter("j1msky.billing.alerts", "kind", alert.kind().wireName()).increment();
        }
    }

    /// How the working billing stands.
    ///
    /// @param balances what all accounts hold by their balances
    /// @param books what all open agents hold; the two are one figure, computed in two ways
    void open(Money balances, Money books, int openAgents) {
        held.set(books.micros());
        difference.set(balances.micros() - books.micros());
        open.set(openAgents);
    }

    void works() {
        works.set(1);
    }

    /// @param records that are on the log and not read yet
    void behind(long records) {
        lag.set(records);
    }

    void standby() {
        works.set(0);
    }

    void restarted() {
        restarts.increment();
    }

    void unreadable() {
        unreadable.increment();
    }
}
