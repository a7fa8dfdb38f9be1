package ai.j1msky.common.ledger;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import java.time.Instant;
import java.time.LocalDate;

/// What one account was charged on one day (UTC) for agents of one model, provider and API key: all that there is of it
/// up to this record, so that reading it twice, or only the newest, gives the same.
///
/// @param agents how many were charged
/// @param usage tokens of the runs that were charged
public record UsageCell(
        AccountId accountId,
        LocalDate day,
        String model,
        String provider,
        KeyId keyId,
        Money charged,
        long agents,
        Usage usage,
        Instant at)
        implements UsageTotal {

    public UsageCell {
        requireNonNull(accountId, "account_id");
        requireNonNull(day, "day");
        requireNonNull(model, "model");
        requireNonNull(provider, "provider");
        requireNonNull(keyId, "key_id");
        requireNonNull(charged, "charged");
        requireNonNull(usage, "usage");
        requireNonNull(at, "at");
    }

    @Override
    public String logKey() {
        return String.join("/", accountId.value(), day.toString(), model, provider, keyId.value());
    }

    @Override
    public String logId() {
        return logKey() + "/" + agents;
    }

    /// One more charge in it.
    public UsageCell plus(LedgerEntry charge) {
        Usage sum =
                new Usage(
                        sum(usage.inputTokens(), charge.usage().inputTokens()),
                        sum(usage.outputTokens(), charge.usage().outputTokens()));
        return new UsageCell(
                accountId,
                day,
                model,
                provider,
                keyId,
                charged.plus(charge.amount()),
                agents + 1,
                sum,
                charge.at());
    }

    /// Tokens are only shown: a count that is no count must not stop the ledger.
    private static long sum(long some, long more) {
        return some > Long.MAX_VALUE - more ? Long.MAX_VALUE : some + more;
    }
}
