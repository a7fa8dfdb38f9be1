package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.ledger.UsageTotal;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.view.StoredAgents;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/// Turns polled records into changed agents.
final class Folding {

    /// Views hold at most this much of a sealed result; a larger one stays on the log and is read from there.
    static final int LARGEST_IN_VIEW = 16 * 1024;

    private final EntryCodec<SpawnCommand> commands = new EntryCodec<>(Topics.SPAWN_NORMAL);
    private final EntryCodec<AgentEvent> events = new EntryCodec<>(Topics.AGENT_EVENTS);
    private final EntryCodec<DataKeyEntry> dataKeys = new EntryCodec<>(Topics.DATA_KEYS);
    private final EntryCodec<UsageTotal> totals = new EntryCodec<>(Topics.USAGE);
    private final EntryCodec<BillingAlert> alerts = new EntryCodec<>(Topics.BILLING_ALERTS);

    private final LiveAgents agents;

    Folding(LiveAgents agents) {
        this.agents = agents;
    }

    /// Folds record by record; what cannot be read or folded is put among the batch's poison, never thrown.
    ///
    /// @param everything true to report also agents that did not change, to write their views again
    Batch fold(ConsumerRecords<byte[], byte[]> records, boolean everything) {
        Batch batch = new Batch();
        long now = System.nanoTime();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                fold(record, batch, everything, now);
            } catch (RuntimeException failure) {
                // One record must never stop all others for good.
                String reason = "cannot be folded: " + failure.getClass().getSimpleName();
                batch.setAside(Topics.named(record.topic()), record, reason);
            }
        }
        return batch;
    }

    private void fold(
            ConsumerRecord<byte[], byte[]> record, Batch batch, boolean everything, long now) {
        String topic = record.topic();
        if (topic.equals(Topics.AGENT_EVENTS.name())) {
            foldEvent(record, batch, everything, now);
        } else if (topic.equals(Topics.DATA_KEYS.name())) {
            foldDataKey(record, batch);
        } else if (topic.equals(Topics.USAGE.name())) {
            whole(totals.read(record), Topics.USAGE, record, batch).ifPresent(batch::add);
        } else if (topic.equals(Topics.BILLING_ALERTS.name())) {
            whole(alerts.read(record), Topics.BILLING_ALERTS, record, batch)
                    .ifPresent(batch.alerts()::add);
        } else {
            foldCommand(record, batch, everything, now);
        }
    }

    private static <T extends LogEntry> Optional<T> whole(
            ReadResult<T> read,
            Topic<?> topic,
            ConsumerRecord<byte[], byte[]> record,
            Batch batch) {
        return switch (read) {
            case ReadResult.Entry<T>(T body) -> Optional.of(body);
            case ReadResult.Poison<T>(String reason) -> {
                batch.setAside(topic, record, reason);
                yield Optional.empty();
            }
            case ReadResult.Tombstone<T> _ -> Optional.empty();
        };
    }

    /// The agents of these records that memory does not know.
    ///
    /// @param commandsToo false for those of events only
    List<StoredAgents.Key> unknownAgents(
            ConsumerRecords<byte[], byte[]> records, boolean commandsToo) {
        Set<StoredAgents.Key> unknown = new LinkedHashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            boolean ofEvent = record.topic().equals(Topics.AGENT_EVENTS.name());
            boolean ofCommand = commandsToo && record.topic().startsWith(Topics.SPAWN_PREFIX);
            String id = EntryCodec.keyOf(record);
            if ((ofEvent || ofCommand)
                    && AgentId.isValid(id)
                    && agents.isUnknown(new AgentId(id))) {
                accountOf(record, ofEvent)
                        .ifPresent(a -> unknown.add(new StoredAgents.Key(a, new AgentId(id))));
            }
        }
        return List.copyOf(unknown);
    }

    private Optional<AccountId> accountOf(ConsumerRecord<byte[], byte[]> record, boolean ofEvent) {
        if (ofEvent) {
            return events.read(record) instanceof ReadResult.Entry<AgentEvent>(AgentEvent event)
                    ? Optional.of(event.accountId())
                    : Optional.empty();
        }
        return commands.read(record) instanceof ReadResult.Entry<SpawnCommand>(SpawnCommand command)
                ? Optional.of(command.order().accountId())
                : Optional.empty();
    }

    private void foldCommand(
            ConsumerRecord<byte[], byte[]> record, Batch batch, boolean everything, long now) {
        // Commands that cannot be read are set aside by the worker that gets them.
        if (commands.read(record) instanceof ReadResult.Entry<SpawnCommand>(SpawnCommand command)) {
            Position position = positionOf(record);
            LiveAgent before = agents.lookUp(command.order().agentId());
            LiveAgent live = agents.apply(command, position, now);
            if (everything
                    || !live.state().equals(before.state())
                    || !position.equals(before.command())) {
                batch.add(
                        command.order().agentId(),
                        command.order().accountId(),
                        live,
                        command.task().value(),
                        null);
            }
        }
    }

    private void foldEvent(
            ConsumerRecord<byte[], byte[]> record, Batch batch, boolean everything, long now) {
        switch (events.read(record)) {
            case ReadResult.Entry<AgentEvent>(AgentEvent event) -> {
                LiveAgent before = agents.lookUp(event.agentId());
                LiveAgent live = agents.apply(event, now);
                if (everything || !live.state().equals(before.state())) {
                    String result =
                            resultOf(event, live.state())
                                    .map(text -> textOrPlace(text, positionOf(record)))
                                    .orElse(null);
                    batch.add(event.agentId(), event.accountId(), live, null, result);
                }
            }
            case ReadResult.Poison<AgentEvent>(String reason) ->
                    batch.setAside(Topics.AGENT_EVENTS, record, reason);
            case ReadResult.Tombstone<AgentEvent> _ ->
                    batch.setAside(Topics.AGENT_EVENTS, record, "no value");
        }
    }

    private void foldDataKey(ConsumerRecord<byte[], byte[]> record, Batch batch) {
        switch (dataKeys.read(record)) {
            case ReadResult.Entry<DataKeyEntry>(DataKeyEntry entry) ->
                    batch.dataKeys().add(Batch.KeyChange.of(entry));
            case ReadResult.Poison<DataKeyEntry>(String reason) ->
                    batch.setAside(Topics.DATA_KEYS, record, reason);
            case ReadResult.Tombstone<DataKeyEntry>(String key) -> {
                // One that does not say whose it is, is somebody else's; the key is gone all the
                // same.
                AccountId account = EntryCodec.accountOf(record).orElse(null);
                if (account != null && AgentId.isValid(key)) {
                    batch.dataKeys()
                            .add(
                                    new Batch.KeyChange(
                                            account,
                                            new AgentId(key),
                                            null,
                                            false,
                                            Instant.ofEpochMilli(record.timestamp())));
                }
            }
        }
    }

    /// The result of an event that brought the state about.
    private static Optional<SealedText> resultOf(AgentEvent event, AgentState state) {
        return switch (event) {
            case AgentEvent.AgentCompleted completed when decided(state, completed) ->
                    Optional.of(completed.result());
            case AgentEvent.TeamCompleted merged when state.status() == AgentStatus.COMPLETED ->
                    Optional.of(merged.result());
            default -> Optional.empty();
        };
    }

    private static boolean decided(AgentState state, AgentEvent.AgentCompleted event) {
        return state.status() == AgentStatus.COMPLETED
                && state.latest()
                        .filter(
                                attempt ->
                                        attempt.number() == event.attempt()
                                                && attempt.workerId().equals(event.workerId()))
                        .isPresent();
    }

    private static Position positionOf(ConsumerRecord<byte[], byte[]> record) {
        return new Position(record.topic(), record.partition(), record.offset());
    }

    private static String textOrPlace(SealedText text, Position position) {
        return text.value().length() <= LARGEST_IN_VIEW ? text.value() : "@" + position;
    }
}
