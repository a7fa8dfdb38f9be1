package ai.j1msky.common.budget;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.LogEntry;
import java.time.Instant;

/// The budget of an account, or of one of its API keys, that somebody has set.
///
/// @param holder [ai.j1msky.common.ledger.Balance#WHOLE] for the account as a whole, else the id of the API key
/// @param at when it was set
public record Budget(AccountId accountId, String holder, BudgetTerms terms, Instant at)
        implements LogEntry {

    public Budget {
        requireNonNull(accountId, "account_id");
        requireNonNull(holder, "holder");
        requireNonNull(terms, "terms");
        requireNonNull(at, "at");
    }

    /// The record key of a holder's budget.
    public static String keyOf(AccountId account, String holder) {
        return account + "/" + holder;
    }

    @Override
    public String logKey() {
        return keyOf(accountId, holder);
    }

    @Override
    public String logId() {
        return logKey() + "/" + at;
    }
}
