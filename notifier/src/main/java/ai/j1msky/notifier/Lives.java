package ai.j1msky.notifier;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentLife;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.webhook.WebhookEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// All agents that have not ended, and those that ended lately: turns the log's records into what happened. Not
/// thread-safe.
///
/// What was read up to given offsets gives the same lives, in whatever order the partitions were read ([AgentLife]). So
/// after a restart they are made again from the log, from the first record of an agent that has not ended
/// ([#firstOpen]).
final class Lives {

    /// Copies of the records of an agent that has ended come within this time, by the log's clock, or mean nothing.
    static final Duration ENDED_KEPT = Duration.ofHours(6);

    /// A command is written within ten minutes of its order, and clocks differ by an hour at most.
    private static final Duration STRAY_AFTER = Duration.ofHours(3);

    /// What has not come of an agent for so long does not come.
    private static final Duration ORPHAN_AFTER = Duration.ofHours(3);

    /// No agent lives so long; one that seems to is a copy of one that has ended.
    private static final Duration LONGEST_LIFE = Duration.ofDays(2);

    private final Map<AgentId, Open> open = new HashMap<>();
    private final Map<AgentId, Instant> ended = new LinkedHashMap<>();
    private Instant newest;

    /// @param newest when the log took the newest record that was read before
    Lives(Instant newest) {
        this.newest = newest;
    }

    /// @param task where its command stands, or null until that is read
    /// @param result the sealed result of its end, or null
    /// @param seen when the log took the newest of its records
    /// @param first where its first record stands on each partition
    private record Open(
            AgentState state,
            @Nullable Position task,
            @Nullable SealedText result,
            @Nullable WrappedKey key,
            Map<TopicPartition, Long> first,
            Instant seen) {
        static final Open NOTHING =
                new Open(AgentState.UNKNOWN, null, null, null, Map.of(), Instant.EPOCH);

        /// Whether all has been read that it takes to tell of it: records of one agent stand on several partitions.
        boolean isWhole() {
            return state.order() != null && task != null && key != null;
        }
    }

    /// Reads one record.
    ///
    /// @param taken when the log took it
    /// @return what happened, in order
    List<Occurrence> read(LogEntry record, TopicPartition partition, long offset, Instant taken) {
        if (!(record instanceof DataKeyEntry)) {
            // Those have the time of whoever wrote them.
            newest = later(newest, taken);
        }
        Instant time = later(newest, taken);
        AgentId agent = agentOf(record);
        if (ended.containsKey(agent) || isStray(record, time)) {
            return List.of();
        }
        Open before = open.getOrDefault(agent, Open.NOTHING);
        Open after = after(before, record, new Place(partition, offset, time));
        if (after.state.isTerminal() && after.isWhole()) {
            open.remove(agent);
            ended.put(agent, time);
        } else {
            open.put(agent, after);
        }
        return occurrences(before, after, time);
    }

    private record Place(TopicPartition partition, long offset, Instant time) {
        Position position() {
            return new Position(partition.topic(), partition.partition(), offset);
        }
    }

    private static Open after(Open before, LogEntry record, Place place) {
        Map<TopicPartition, Long> first = new HashMap<>(before.first);
        first.putIfAbsent(place.partition, place.offset);
        Instant seen = later(before.seen, place.time);
        return switch (record) {
            case DataKeyEntry key ->
                    new Open(before.state, before.task, before.result, key.wrapped(), first, seen);
            case SpawnCommand command ->
                    new Open(
                            AgentLife.apply(before.state, command),
                            place.position(),
                            before.result,
                            before.key,
                            first,
                            seen);
            case AgentEvent event -> {
                AgentState state = AgentLife.apply(before.state, event);
                SealedText result =
                        state.equals(before.state) ? before.result : resultOf(event, state);
                yield new Open(state, before.task, result, before.key, first, seen);
            }
            default -> throw new IllegalArgumentException("not of an agent's life");
        };
    }

    /// The result of the event that brought the state about.
    private static @Nullable SealedText resultOf(AgentEvent event, AgentState state) {
        if (state.status() != AgentStatus.COMPLETED) {
            return null;
        }
        return switch (event) {
            case AgentEvent.AgentCompleted completed -> completed.result();
            case AgentEvent.TeamCompleted merged -> merged.result();
            default -> null;
        };
    }

    private static List<Occurrence> occurrences(Open before, Open after, Instant taken) {
        AgentOrder order = after.state.order();
        // A team's agents are its own matter: its owner is told of the team.
        if (!after.isWhole() || order == null || order.memberOf() != null) {
            return List.of();
        }
        boolean isNew = !before.isWhole();
        List<Occurrence> happened = new ArrayList<>();
        if (after.state.started() != null && (isNew || before.state.started() == null)) {
            happened.add(of(WebhookEvent.AGENT_STARTED, after, null, taken));
        }
        if (after.state.isTerminal()) {
            WebhookEvent end =
                    switch (after.state.status()) {
                        case COMPLETED -> WebhookEvent.AGENT_COMPLETED;
                        case CANCELLED -> WebhookEvent.AGENT_CANCELLED;
                        case FAILED, SPAWNING, RUNNING -> WebhookEvent.AGENT_FAILED;
                    };
            happened.add(of(end, after, after.result, taken));
        }
        return happened;
    }

    private static Occurrence of(
            WebhookEvent event, Open agent, @Nullable SealedText result, Instant taken) {
        return new Occurrence(
                event,
                agent.state,
                Objects.requireNonNull(agent.task),
                result,
                Objects.requireNonNull(agent.key),
                taken);
    }

    /// Remembers that an agent has ended, from what was sent about that.
    void remember(AgentId agent, Instant at) {
        ended.put(agent, at);
    }

    /// Forgets an agent's key, so that nothing is told of it any more.
    void erase(AgentId agent) {
        open.computeIfPresent(
                agent,
                (_, known) ->
                        new Open(
                                known.state,
                                known.task,
                                known.result,
                                null,
                                known.first,
                                known.seen));
    }

    /// Forgets what nothing more can come of. To be called when everything was read.
    void forget() {
        Instant longAgo = newest.minus(ENDED_KEPT);
        ended.values().removeIf(at -> at.isBefore(longAgo));
        Instant orphaned = newest.minus(ORPHAN_AFTER);
        Instant tooLong = newest.minus(LONGEST_LIFE);
        open.values().removeIf(agent -> agent.seen.isBefore(tooLong));
        open.values()
                .removeIf(
                        agent ->
                                (agent.state.order() == null || agent.state.isTerminal())
                                        && agent.seen.isBefore(orphaned));
    }

    /// For each partition the offset of the first record that an agent which has not ended needs.
    Map<TopicPartition, Long> firstOpen() {
        Map<TopicPartition, Long> first = new HashMap<>();
        for (Open agent : open.values()) {
            agent.first.forEach((partition, offset) -> first.merge(partition, offset, Math::min));
        }
        return first;
    }

    Instant newest() {
        return newest;
    }

    int openAgents() {
        return open.size();
    }

    /// Whether a record is one of an agent's life.
    static boolean concerns(LogEntry record) {
        return record instanceof SpawnCommand
                || record instanceof AgentEvent
                || record instanceof DataKeyEntry;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    private static boolean isStray(LogEntry record, Instant taken) {
        return record instanceof SpawnCommand command
                && command.order().created().isBefore(taken.minus(STRAY_AFTER));
    }

    private static AgentId agentOf(LogEntry record) {
        return switch (record) {
            case SpawnCommand command -> command.order().agentId();
            case DataKeyEntry key -> key.agentId();
            case AgentEvent event -> event.agentId();
            default -> throw new IllegalArgumentException("not of an agent's life");
        };
    }
}
