package ai.j1msky.billing;

import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.ledger.Balance;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.LedgerKind;
import ai.j1msky.common.ledger.UsageCell;
import ai.j1msky.common.ledger.UsageTotal;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/// The sums over the ledger: how accounts and keys stand, and what was used. Absolute figures; each that an entry changes
/// is written again whole. Not thread-safe.
final class Totals {

    /// By how many days the partitions' newest records may differ when all are read to their ends.
    private static final int SKEW_DAYS = 2;

    /// Readers take an account's own balance as the sign that its keys' are there too.
    private static final Comparator<UsageTotal> WHOLE_LAST =
            Comparator.comparing(
                            (UsageTotal total) ->
                                    total instanceof Balance balance
                                            && balance.holder().equals(Balance.WHOLE))
                    .thenComparing(UsageTotal::logKey);

    private final Map<String, Balance> balances = new HashMap<>();
    private final Map<String, UsageCell> cells = new HashMap<>();
    private final Map<String, UsageTotal> changed = new TreeMap<>();
    private final List<BillingAlert> alerts = new ArrayList<>();
    private final BiFunction<AccountId, String, Optional<BudgetTerms>> budgets;
    private LocalDate newest = LocalDate.EPOCH;

    /// @param budgets of an account and a holder in it
    Totals(BiFunction<AccountId, String, Optional<BudgetTerms>> budgets) {
        this.budgets = budgets;
    }

    /// Takes a figure over that was written before.
    void load(UsageTotal total) {
        switch (total) {
            case Balance balance -> balances.put(balance.logKey(), balance);
            case UsageCell cell -> cells.put(cell.logKey(), cell);
        }
    }

    void add(LedgerEntry entry) {
        LocalDate day = entry.at().atZone(ZoneOffset.UTC).toLocalDate();
        newest = newest.isBefore(day) ? day : newest;
        for (String holder : List.of(Balance.WHOLE, entry.keyId().value())) {
            Balance fresh = Balance.none(entry.accountId(), holder, entry.at());
            Balance before = balances.getOrDefault(fresh.logKey(), fresh);
            Balance after = alerted(before.after(entry));
            balances.put(after.logKey(), after);
            changed.put(after.logKey(), after);
        }
        if (entry.kind() == LedgerKind.CHARGED && entry.metering().isSuspect()) {
            tell(
                    entry.accountId(),
                    entry.keyId().value(),
                    BillingAlert.Kind.USAGE,
                    entry.agentId().value(),
                    entry.amount(),
                    entry.amount(),
                    entry.at());
        }
        String provider = entry.provider();
        if (entry.kind() == LedgerKind.CHARGED && provider != null) {
            UsageCell fresh =
                    new UsageCell(
                            entry.accountId(),
                            day,
                            entry.model(),
                            provider,
                            entry.keyId(),
                            Money.ZERO,
                            0,
                            Usage.NONE,
                            entry.at());
            UsageCell cell = cells.getOrDefault(fresh.logKey(), fresh).plus(entry);
            cells.put(cell.logKey(), cell);
            changed.put(cell.logKey(), cell);
        }
    }

    /// Tells what the balance has newly reached. What was told is in the balance, so it is told once, whatever is
    /// restarted in between.
    private Balance alerted(Balance balance) {
        BudgetTerms terms = budgets.apply(balance.accountId(), balance.holder()).orElse(null);
        if (terms == null) {
            return balance;
        }
        int ofDay = balance.alertedDay();
        int ofMonth = balance.alertedMonth();
        for (int percent : terms.alertAt()) {
            if (percent > ofDay && reaches(balance.spentDay(), terms.daily(), percent)) {
                tell(balance, balance.day().toString(), percent, terms.daily(), balance.spentDay());
                ofDay = percent;
            }
            if (percent > ofMonth && reaches(balance.spentMonth(), terms.monthly(), percent)) {
                String month = YearMonth.from(balance.day()).toString();
                tell(balance, month, percent, terms.monthly(), balance.spentMonth());
                ofMonth = percent;
            }
        }
        return ofDay == balance.alertedDay() && ofMonth == balance.alertedMonth()
                ? balance
                : balance.alerted(ofDay, ofMonth);
    }

    private static boolean reaches(Money spent, Money budget, int percent) {
        return spent.micros() > 0 && spent.micros() * 100 >= budget.micros() * percent;
    }

    private void tell(Balance balance, String period, int percent, Money budget, Money spent) {
        tell(
                balance.accountId(),
                balance.holder(),
                BillingAlert.Kind.BUDGET,
                period + "/" + percent,
                budget,
                spent,
                balance.at());
    }

    private void tell(
            AccountId account,
            String holder,
            BillingAlert.Kind kind,
            String subject,
            Money limit,
            Money amount,
            Instant at) {
        alerts.add(new BillingAlert(account, holder, kind, subject, limit, amount, at));
    }

    /// The alerts since this was last asked.
    List<BillingAlert> takeAlerts() {
        List<BillingAlert> taken = List.copyOf(alerts);
        alerts.clear();
        return taken;
    }

    /// What has changed since this was last asked, in the order in which it must be written.
    ///
    /// @param commands for each queue, the offset up to which its commands are in these figures
    List<UsageTotal> takeChanged(Map<String, Long> commands) {
        List<UsageTotal> taken = new ArrayList<>();
        for (UsageTotal total : changed.values()) {
            taken.add(total instanceof Balance balance ? balance.with(commands) : total);
        }
        changed.clear();
        taken.sort(WHOLE_LAST);
        return taken;
    }

    /// Lets go of the days that are over, once all that the log has was read: nothing is charged on them any more.
    void forget() {
        LocalDate over = newest.minusDays(SKEW_DAYS);
        cells.values().removeIf(cell -> cell.day().isBefore(over));
    }

    /// What all accounts together hold.
    Money held() {
        Money held = Money.ZERO;
        for (Balance balance : balances.values()) {
            held = balance.holder().equals(Balance.WHOLE) ? held.plus(balance.held()) : held;
        }
        return held;
    }
}
