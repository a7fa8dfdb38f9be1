package ai.j1msky.common.ledger;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.money.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;

/// How an account, or one of its API keys, stands: what admission compares with budgets.
///
/// @param holder [#WHOLE] for the account as a whole, else the id of the API key
/// @param held for agents that have not ended
/// @param day the day (UTC) of the newest charge
/// @param spentDay charged on that day
/// @param spentMonth charged in that day's month
/// @param alertedDay the highest part of that day's budget, in percent, that an alert was sent at; 0 for none
/// @param alertedMonth the same of the month's budget
/// @param commands for each queue, the offset up to which its commands are in `held`
public record Balance(
        AccountId accountId,
        String holder,
        Money held,
        LocalDate day,
        Money spentDay,
        Money spentMonth,
        int alertedDay,
        int alertedMonth,
        Map<String, Long> commands,
        Instant at)
        implements UsageTotal {

    /// The account and not one of its keys, whose ids all start with `key_`.
    public static final String WHOLE = "account";

    public Balance {
        requireNonNull(accountId, "account_id");
        requireNonNull(holder, "holder");
        requireNonNull(held, "held");
        requireNonNull(day, "day");
        requireNonNull(spentDay, "spent_day");
        requireNonNull(spentMonth, "spent_month");
        requireNonNull(at, "at");
        commands = commands == null ? Map.of() : Map.copyOf(commands);
    }

    @Override
    public String logKey() {
        return accountId + "/" + holder;
    }

    @Override
    public String logId() {
        return logKey() + "/" + commands + "/" + at;
    }

    /// A holder of whom nothing is known yet.
    public static Balance none(AccountId account, String holder, Instant at) {
        LocalDate day = at.atZone(ZoneOffset.UTC).toLocalDate();
        return new Balance(
                account, holder, Money.ZERO, day, Money.ZERO, Money.ZERO, 0, 0, Map.of(), at);
    }

    /// The same after one movement on the ledger.
    public Balance after(LedgerEntry entry) {
        if (entry.kind() == LedgerKind.HELD) {
            return new Balance(
                    accountId,
                    holder,
                    held.plus(entry.amount()),
                    day,
                    spentDay,
                    spentMonth,
                    alertedDay,
                    alertedMonth,
                    commands,
                    entry.at());
        }
        LocalDate on = entry.at().atZone(ZoneOffset.UTC).toLocalDate();
        boolean charge = entry.kind() == LedgerKind.CHARGED;
        boolean newDay = charge && on.isAfter(day);
        boolean sameMonth = YearMonth.from(on).equals(YearMonth.from(day));
        boolean newMonth = newDay && !sameMonth;
        Money onDay = newDay ? Money.ZERO : spentDay;
        Money inMonth = newMonth ? Money.ZERO : spentMonth;
        // Brokers' clocks differ a little: a charge of the day before belongs to its month alone.
        boolean ofItsDay = charge && !on.isBefore(day);
        boolean ofItsMonth = charge && (ofItsDay || sameMonth);
        return new Balance(
                accountId,
                holder,
                held.minus(entry.amount()),
                newDay ? on : day,
                ofItsDay ? onDay.plus(entry.amount()) : onDay,
                ofItsMonth ? inMonth.plus(entry.amount()) : inMonth,
                newDay ? 0 : alertedDay,
                newMonth ? 0 : alertedMonth,
                commands,
                entry.at());
    }

    /// The same, with alerts that were sent.
    public Balance alerted(int ofDay, int ofMonth) {
        return new Balance(
                accountId, holder, held, day, spentDay, spentMonth, ofDay, ofMonth, commands, at);
    }

    /// The same, with the commands that are in it.
    public Balance with(Map<String, Long> included) {
        return new Balance(
                accountId,
                holder,
                held,
                day,
                spentDay,
                spentMonth,
                alertedDay,
                alertedMonth,
                included,
                at);
    }
}
