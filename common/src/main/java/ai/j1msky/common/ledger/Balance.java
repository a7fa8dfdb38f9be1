package ai.j1msky.common.ledger;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.money.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;

/// How an account, or one of its API keys, stands: what admission compares with budgets.
///
/// @param holder [#WHOLE] for the account as a whole, else the id of the API key
/// @param held for agents that have not ended
/// @param day the day (UTC) of the newest charge
/// @param spentDay charged on that day
/// @param spentMonth charged in that day's month
/// @param commands for each queue, the offset up to which its commands are in `held`
public record Balance(
        AccountId accountId,
        String holder,
        Money held,
        LocalDate day,
        Money spentDay,
        Money spentMonth,
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

    /// The same, with the commands that are in it.
    public Balance with(Map<String, Long> included) {
        return new Balance(accountId, holder, held, day, spentDay, spentMonth, included, at);
    }
}
