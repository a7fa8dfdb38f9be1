package ai.j1msky.billing;

import ai.j1msky.common.ledger.Balance;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.LedgerKind;
import ai.j1msky.common.ledger.UsageCell;
import ai.j1msky.common.ledger.UsageTotal;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The sums over the ledger: how accounts and keys stand, and what was used. Absolute figures; each that an entry changes
/// is written again whole. Not thread-safe.
final class Totals {

    private final Map<String, Balance> balances = new HashMap<>();
    private final Map<String, UsageCell> cells = new HashMap<>();
    private final Map<String, UsageTotal> changed = new TreeMap<>();

    /// Takes a figure over that was written before.
    void load(UsageTotal total) {
        switch (total) {
            case Balance balance -> balances.put(balance.logKey(), balance);
            case UsageCell cell -> cells.put(cell.logKey(), cell);
        }
    }

    void add(LedgerEntry entry) {
        LocalDate day = entry.at().atZone(ZoneOffset.UTC).toLocalDate();
        for (String holder : List.of(Balance.WHOLE, entry.keyId().value())) {
            Balance fresh =
                    new Balance(
                            entry.accountId(),
                            holder,
                            Money.ZERO,
                            day,
                            Money.ZERO,
                            Money.ZERO,
                            Map.of(),
                            entry.at());
            Balance balance = balances.getOrDefault(fresh.logKey(), fresh);
            Balance after = moved(balance, entry, day);
            balances.put(after.logKey(), after);
            changed.put(after.logKey(), after);
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

    private static Balance moved(Balance balance, LedgerEntry entry, LocalDate day) {
        if (entry.kind() == LedgerKind.HELD) {
            return new Balance(
                    balance.accountId(),
                    balance.holder(),
                    balance.held().plus(entry.amount()),
                    balance.day(),
                    balance.spentDay(),
                    balance.spentMonth(),
                    balance.commands(),
                    entry.at());
        }
        boolean charge = entry.kind() == LedgerKind.CHARGED;
        boolean newDay = charge && day.isAfter(balance.day());
        boolean sameMonth = YearMonth.from(day).equals(YearMonth.from(balance.day()));
        Money spentDay = newDay ? Money.ZERO : balance.spentDay();
        Money spentMonth = newDay && !sameMonth ? Money.ZERO : balance.spentMonth();
        // Brokers' clocks differ a little: a charge of the day before belongs to its month alone.
        boolean ofItsDay = charge && !day.isBefore(balance.day());
        boolean ofItsMonth = charge && (ofItsDay || sameMonth);
        return new Balance(
                balance.accountId(),
                balance.holder(),
                balance.held().minus(entry.amount()),
                newDay ? day : balance.day(),
                ofItsDay ? spentDay.plus(entry.amount()) : spentDay,
                ofItsMonth ? spentMonth.plus(entry.amount()) : spentMonth,
                balance.commands(),
                entry.at());
    }

    /// What has changed since this was last asked.
    ///
    /// @param commands for each queue, the offset up to which its commands are in these figures
    List<UsageTotal> takeChanged(Map<String, Long> commands) {
        List<UsageTotal> taken = new ArrayList<>();
        for (UsageTotal total : changed.values()) {
            taken.add(total instanceof Balance balance ? balance.with(commands) : total);
        }
        changed.clear();
        return taken;
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
