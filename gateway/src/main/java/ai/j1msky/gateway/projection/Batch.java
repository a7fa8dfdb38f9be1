package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.ledger.UsageTotal;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.WrappedKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// What one poll of the log changed: each agent once, with its newest state, and each balance and usage once.
///
/// @param totals by their keys
/// @param poison records that nobody can use
record Batch(
        Map<AgentId, Change> changes,
        List<KeyChange> dataKeys,
        Map<String, UsageTotal> totals,
        List<BillingAlert> alerts,
        List<Poison> poison) {

    /// What became of an agent's data key.
    ///
    /// @param wrapped the key; null when it was deleted
    /// @param rewrapped whether this replaces what it was wrapped with before
    /// @param at when that was written
    record KeyChange(
            AccountId account,
            AgentId agent,
            @Nullable WrappedKey wrapped,
            boolean rewrapped,
            Instant at) {
        static KeyChange of(DataKeyEntry entry) {
            return new KeyChange(
                    entry.accountId(),
                    entry.agentId(),
                    entry.wrapped(),
                    entry.rewrapped() != null,
                    entry.at());
        }
    }

    /// A record that belongs among its topic's dead letters.
    record Poison(Topic<?> topic, ConsumerRecord<byte[], byte[]> record, String reason) {}

    /// One agent's newest state and the texts that were read with it.
    ///
    /// @param account whose it is
    /// @param command where its newest command stands
    /// @param task sealed; null when no command was read
    /// @param result sealed, or `@` and its position when it is large; null when none was read
    record Change(
            AccountId account,
            AgentState state,
            @Nullable Position command,
            @Nullable String task,
            @Nullable String result) {}

    Batch() {
        this(
                new LinkedHashMap<>(),
                new ArrayList<>(),
                new LinkedHashMap<>(),
                new ArrayList<>(),
                new ArrayList<>());
    }

    void add(
            AgentId id,
            AccountId account,
            LiveAgent live,
            @Nullable String task,
            @Nullable String result) {
        Change before = changes.get(id);
        changes.put(
                id,
                new Change(
                        account,
                        live.state(),
                        live.command(),
                        task == null && before != null ? before.task() : task,
                        // The first end counts; a copy of it may say something else.
                        before != null && before.result() != null ? before.result() : result));
    }

    void add(UsageTotal total) {
        totals.put(total.logKey(), total);
    }

    void setAside(Topic<?> topic, ConsumerRecord<byte[], byte[]> record, String reason) {
        poison.add(new Poison(topic, record, reason));
    }

    boolean isEmpty() {
        return changes.isEmpty() && dataKeys.isEmpty() && totals.isEmpty() && alerts.isEmpty();
    }
}
