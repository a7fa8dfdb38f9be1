package ai.j1msky.common.seal;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.LogEntry;
import java.time.Instant;

/// An agent's wrapped data key on its compacted topic. Its tombstone is the deletion of the agent's texts.
public record DataKeyEntry(AgentId agentId, AccountId accountId, WrappedKey wrapped, Instant at)
        implements LogEntry {

    public DataKeyEntry {
        requireNonNull(agentId, "agent_id");
        requireNonNull(accountId, "account_id");
        requireNonNull(wrapped, "wrapped");
        requireNonNull(at, "at");
    }

    @Override
    public String logKey() {
        return agentId.value();
    }

    @Override
    public String logId() {
        return agentId + "/data-key";
    }
}
