package ai.j1msky.common.seal;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.LogEntry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An agent's wrapped data key on its compacted topic. Its tombstone is the deletion of the agent's texts.
///
/// @param at when the agent was accepted
/// @param until when its texts are to be forgotten; null on records from before this was written
/// @param rewrapped when it was wrapped anew with a newer master key, or null
public record DataKeyEntry(
        AgentId agentId,
        AccountId accountId,
        WrappedKey wrapped,
        Instant at,
        @Nullable Instant until,
        @Nullable Instant rewrapped)
        implements LogEntry {

    public DataKeyEntry {
        requireNonNull(agentId, "agent_id");
        requireNonNull(accountId, "account_id");
        requireNonNull(wrapped, "wrapped");
        requireNonNull(at, "at");
    }

    /// The same key, wrapped anew.
    public DataKeyEntry rewrapped(WrappedKey anew, Instant when) {
        return new DataKeyEntry(agentId, accountId, anew, at, until, when);
    }

    @Override
    public String logKey() {
        return agentId.value();
    }

    @Override
    public String logId() {
        return agentId + "/data-key" + (rewrapped == null ? "" : "/" + rewrapped);
    }
}
