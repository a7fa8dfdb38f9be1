package ai.j1msky.gateway.share;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.money.Money;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/// Workers without a clock: so many slots, a queue for each priority, first in first out, the higher one first. Each
/// step is a tick; what is due comes into its queue a tick later.
final class SimulatedCluster {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MOST_AT_ONCE = 64;

    private final int slots;
    private final AccountShares shares;
    private final Map<AgentId, AgentOrder> orders = new HashMap<>();
    private final Map<Priority, Deque<AgentId>> queues = new EnumMap<>(Priority.class);
    private final Map<AccountId, Integer> starts = new HashMap<>();
    private final PriorityQueue<Running> running =
            new PriorityQueue<>((a, b) -> Long.compare(a.until, b.until));
    private IntSupplier length = () -> 20;
    private long tick;

    private record Running(AgentId agent, long until) {}

    SimulatedCluster(int slots) {
        this.slots = slots;
        this.shares = new AccountShares(() -> slots, () -> tick * 1_000_000);
        for (Priority priority : Priority.values()) {
            queues.put(priority, new ArrayDeque<>());
        }
    }

    AccountShares shares() {
        return shares;
    }

    /// @param ticks how long the next agents run
    void runFor(IntSupplier ticks) {
        length = ticks;
    }

    /// As the gateway does: straight into the queue, or to wait.
    List<AgentId> spawn(AccountId account, Priority priority, int number) {
        List<AgentId> spawned = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            AgentId id = AgentId.mint(Instant.EPOCH, RANDOM);
            orders.put(id, order(id, account, priority));
            if (shares.enter(orders.get(id))) {
                queue(id);
            } else {
                read(id, Place.WAITING);
            }
            spawned.add(id);
        }
        return spawned;
    }

    /// Whether a new agent might be queued at once, which is not read from the log then.
    AgentId enter(AccountId account, Priority priority) {
        AgentId id = AgentId.mint(Instant.EPOCH, RANDOM);
        orders.put(id, order(id, account, priority));
        return shares.enter(orders.get(id)) ? id : null;
    }

    void read(AgentId agent, Place place) {
        shares.moved(agent, orders.get(agent), place);
    }

    void end(AgentId agent) {
        shares.moved(agent, orders.get(agent), null);
    }

    List<AgentId> due() {
        return due(Duration.ZERO);
    }

    List<AgentId> due(Duration patience) {
        try {
            return shares.awaitDue(MOST_AT_ONCE, patience);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    int queued(AccountId account) {
        return (int)
                queues.values().stream()
                        .flatMap(Deque::stream)
                        .filter(agent -> orders.get(agent).accountId().equals(account))
                        .count();
    }

    int startsOf(AccountId account) {
        return starts.getOrDefault(account, 0);
    }

    int starts() {
        return starts.values().stream().mapToInt(Integer::intValue).sum();
    }

    int free() {
        return slots - running.size();
    }

    boolean isIdle() {
        return running.isEmpty() && queues.values().stream().allMatch(Deque::isEmpty);
    }

    void run(int ticks) {
        for (int i = 0; i < ticks; i++) {
            step();
        }
    }

    void runUntil(BooleanSupplier reached) {
        for (int i = 0; !reached.getAsBoolean(); i++) {
            if (i == 1_000_000) {
                throw new IllegalStateException("never reached");
            }
            step();
        }
    }

    void step() {
        tick++;
        List<AgentId> due = due();
        while (!running.isEmpty() && running.element().until <= tick) {
            end(running.remove().agent);
        }
        for (Priority priority : Priority.values()) {
            Deque<AgentId> queue = queues.get(priority);
            while (free() > 0 && !queue.isEmpty()) {
                AgentId next = queue.remove();
                starts.merge(orders.get(next).accountId(), 1, Integer::sum);
                running.add(new Running(next, tick + length.getAsInt()));
            }
        }
        due.forEach(this::queue);
    }

    private void queue(AgentId agent) {
        read(agent, Place.IN_PLAY);
        queues.get(orders.get(agent).priority()).add(agent);
    }

    private static AgentOrder order(AgentId id, AccountId account, Priority priority) {
        return new AgentOrder(
                id,
                account,
                new KeyId("key_test"),
                false,
                "k2p5",
                priority,
                60,
                Money.ZERO,
                null,
                Instant.EPOCH,
                null);
    }
}
