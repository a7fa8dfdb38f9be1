package ai.j1msky.common.budget;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.money.Money;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/// Something about money that its owner should know. Whatever it is about has one key, so a topic that keeps the newest
/// record of each key has each alert once.
///
/// @param holder `account` for the account as a whole, else the id of the API key
/// @param subject of a budget the period and the percentage (`2026-11-26/80`, `2026-11/100`), of a spike the hour
///     (`2026-11-26T14`), of usage the agent's id
/// @param limit the budget, the most of an hour, or what the agent was charged
/// @param amount what was charged of the budget, what an agent would have held that passes the limit, or what the agent
///     was charged
public record BillingAlert(
        AccountId accountId,
        String holder,
        Kind kind,
        String subject,
        Money limit,
        Money amount,
        Instant at)
        implements LogEntry {

    public enum Kind {
        /// A part of a budget is spent, or an agent was refused because of it.
        BUDGET,
        /// An API key would have been charged more within an hour than it may.
        SPIKE,
        /// A provider's figures for an agent were missing, could not be true, or came to more than was held.
        USAGE;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        static Kind parse(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    public BillingAlert {
        requireNonNull(accountId, "account_id");
        requireNonNull(holder, "holder");
        requireNonNull(kind, "kind");
        requireNonNull(subject, "subject");
        requireNonNull(limit, "limit");
        requireNonNull(amount, "amount");
        requireNonNull(at, "at");
    }

    @Override
    public String logKey() {
        return String.join("/", accountId.value(), holder, kind.wireName(), subject);
    }

    @Override
    public String logId() {
        return logKey();
    }
}
