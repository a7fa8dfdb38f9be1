package ai.j1msky.common.ledger;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One movement of one agent's money. An agent has at most one entry of each kind, so agent and kind are its id.
///
/// @param accountId whose money it is; also the record key
/// @param keyId the API key that asked for the agent
/// @param model the alias that ran, or that was asked for when none did
/// @param provider who ran it; null when nobody did
/// @param attempt the run that ended it; 0 when there was none
/// @param usage what that run used
/// @param metering how that became known; `clamped` also when the run reported a higher cost than was held
/// @param price of the model that ran, with which the amount was computed; null when the order is from before prices travelled
/// @param at when the log took the record that brought it about, on the broker's clock
public record LedgerEntry(
        AccountId accountId,
        AgentId agentId,
        KeyId keyId,
        LedgerKind kind,
        Money amount,
        String model,
        @Nullable String provider,
        int attempt,
        Usage usage,
        Metering metering,
        @Nullable Price price,
        Instant at)
        implements LogEntry {

    public LedgerEntry {
        requireNonNull(accountId, "account_id");
        requireNonNull(agentId, "agent_id");
        requireNonNull(keyId, "key_id");
        requireNonNull(kind, "kind");
        requireNonNull(amount, "amount");
        requireNonNull(model, "model");
        requireNonNull(usage, "usage");
        metering = metering != null ? metering : Metering.REPORTED;
        requireNonNull(at, "at");
    }

    @Override
    public String logKey() {
        return accountId.value();
    }

    @Override
    public String logId() {
        return agentId + "/" + kind.wireName();
    }
}
