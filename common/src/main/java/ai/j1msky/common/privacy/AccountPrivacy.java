package ai.j1msky.common.privacy;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.LogEntry;
import java.time.Instant;

/// What an account wants.
///
/// @param optOut whether nothing is to be kept of how its API keys are used, beyond what it is told of itself
/// @param at when it said so
public record AccountPrivacy(AccountId accountId, boolean optOut, Instant at) implements LogEntry {

    public AccountPrivacy {
        requireNonNull(accountId, "account_id");
        requireNonNull(at, "at");
    }

    @Override
    public String logKey() {
        return accountId.value();
    }

    @Override
    public String logId() {
        return accountId + "/privacy/" + at;
    }
}
