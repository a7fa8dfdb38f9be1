package ai.j1msky.billing;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentLife;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.agent.TeamPlan;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.LedgerKind;
import ai.j1msky.common.ledger.Settlement;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.money.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// All agents whose money has not moved to its end, and those that were settled lately. Not thread-safe.
///
/// Reading is a function of the records alone: what was read up to given offsets gives the same books, in whatever order
/// the partitions were read ([AgentLife]). So after a restart the books are made again from the log, from the first record
/// of an agent that is still open ([#firstOpen]).
final class Books {

    /// A gateway writes a command within ten minutes of its order, and clocks differ by an hour at most. One that the log
    /// takes this long after its order, of an agent that is not open, is a stray copy.
    static final Duration STRAY_AFTER = Duration.ofHours(3);

    /// So long copies of an agent's command are none for its age, and are known by this memory.
    static final Duration SETTLED_KEPT = STRAY_AFTER.multipliedBy(2);

    /// By how much the clocks of brokers may differ.
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final Map<AgentId, Open> open = new HashMap<>();
    private final Map<AgentId, Instant> settled = new LinkedHashMap<>();
    private Instant newest;

    /// @param newest when the log took the newest record that was read before
    Books(Instant newest) {
        this.newest = newest;
    }

    /// An agent of which something is still to come.
    ///
    /// @param first where its first record stands on each partition
    /// @param seen when the log took the first of them
    private record Open(AgentState state, Map<TopicPartition, Long> first, Instant seen) {
        static final Open NOTHING = new Open(AgentState.UNKNOWN, Map.of(), Instant.EPOCH);

        Money hold() {
            AgentOrder order = state.order();
            return order == null ? Money.ZERO : order.hold();
        }
    }

    /// Reads one record.
    ///
    /// @param taken when the log took it
    /// @return what it moves, in order; empty when it moves nothing
    List<LedgerEntry> read(LogEntry record, TopicPartition partition, long offset, Instant taken) {
        if (record instanceof SpawnCommand command && command.order().team() != null) {
            // All that a team will need is held from its order on, for each of its agents.
            List<LedgerEntry> moved = new ArrayList<>();
            for (TeamPlan.Step step : command.order().team().steps()) {
                SpawnCommand first = new SpawnCommand(command.order().of(step), 1, command.task());
                moved.addAll(readOne(first, partition, offset, taken));
            }
            return moved;
        }
        return readOne(record, partition, offset, taken);
    }

    private List<LedgerEntry> readOne(
            LogEntry record, TopicPartition partition, long offset, Instant taken) {
        newest = newest.isBefore(taken) ? taken : newest;
        AgentId agent = agentOf(record);
        if (settled.containsKey(agent) || isStray(record, taken)) {
            return List.of();
        }
        Open before = open.getOrDefault(agent, Open.NOTHING);
        AgentState after = AgentLife.apply(before.state, record);
        if (after.equals(before.state)) {
            return List.of();
        }
        if (Settlement.isSettled(after)) {
            open.remove(agent);
            settle(agent, after, taken);
        } else {
            Map<TopicPartition, Long> first = new HashMap<>(before.first);
            first.putIfAbsent(partition, offset);
            open.put(agent, new Open(after, first, before.first.isEmpty() ? taken : before.seen));
        }
        return Settlement.entries(before.state, after, taken);
    }

    private void settle(AgentId agent, AgentState state, Instant taken) {
        AgentOrder order = state.order();
        // A second copy of a command that held nothing would hold nothing.
        if (order != null && !order.hold().equals(Money.ZERO)) {
            settled.put(agent, taken);
        }
    }

    /// Remembers that an agent was settled, from the ledger.
    void remember(LedgerEntry entry) {
        if (entry.kind() != LedgerKind.HELD) {
            settled.put(entry.agentId(), entry.at());
        }
    }

    /// Forgets what nothing more can come of, once every queue was read to its end: an agent without a command has none
    /// then (it ended before, and this is a copy of its events), and a command that is still to come is a new one or too
    /// old. Before, a copy of a command could still come whose agent was settled long ago.
    void forget() {
        Instant longAgo = newest.minus(SETTLED_KEPT);
        Iterator<Instant> times = settled.values().iterator();
        while (times.hasNext() && times.next().isBefore(longAgo)) {
            times.remove();
        }
        Instant longEnough = newest.minus(SKEW);
        open.values()
                .removeIf(
                        agent ->
                                agent.state.order() == null
                                        ? agent.seen.isBefore(longEnough)
                                        : agent.hold().equals(Money.ZERO)
                                                && agent.seen.isBefore(longAgo));
    }

    /// For each partition the offset of the first record that an open agent needs; partitions that none needs are not
    /// there.
    Map<TopicPartition, Long> firstOpen() {
        Map<TopicPartition, Long> first = new HashMap<>();
        for (Open agent : open.values()) {
            agent.first.forEach((partition, offset) -> first.merge(partition, offset, Math::min));
        }
        return first;
    }

    /// What is set aside for agents that have not ended.
    Money held() {
        Money held = Money.ZERO;
        for (Open agent : open.values()) {
            held = held.plus(agent.hold());
        }
        return held;
    }

    /// When the log took the newest record that was read, on the broker's clock.
    Instant newest() {
        return newest;
    }

    int openAgents() {
        return open.size();
    }

    private static boolean isStray(LogEntry record, Instant taken) {
        return record instanceof SpawnCommand command
                && command.order().created().isBefore(taken.minus(STRAY_AFTER));
    }

    private static AgentId agentOf(LogEntry record) {
        return switch (record) {
            case SpawnCommand command -> command.order().agentId();
            case AgentEvent event -> event.agentId();
            default -> throw new IllegalArgumentException("not of an agent's life");
        };
    }
}
