package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentLife;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.Position;
import ai.j1msky.gateway.share.AccountShares;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Every agent that is not finished, and the last ones that ended, folded in memory from the log.
///
/// One thread folds; any thread may look and wait. Kept apart from Redis, so that cancelling works while that is
/// away.
public final class LiveAgents {

    /// Late records about an agent come soon after its end; beyond this many they are told apart in Redis.
    private static final int ENDED_KEPT = 10_000;

    private final Map<AgentId, LiveAgent> active = new ConcurrentHashMap<>();
    private final Map<AgentId, LiveAgent> ended =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<AgentId, LiveAgent> eldest) {
                    return size() > ENDED_KEPT;
                }
            };
    private final AccountShares shares;
    private final Set<AgentId> teams = ConcurrentHashMap.newKeySet();
    private final AtomicLong tickets = new AtomicLong();
    private final Map<AgentId, Map<Long, CompletableFuture<AgentState>>> waiting =
            new ConcurrentHashMap<>();

    /// @param shares told where each agent stands
    public LiveAgents(AccountShares shares) {
        this.shares = shares;
    }

    /// The agent when it is not finished and its command has been read.
    public Optional<AgentState> findActive(AgentId id) {
        return Optional.ofNullable(active.get(id))
                .map(LiveAgent::state)
                .filter(state -> state.order() != null);
    }

    /// Completes when the agent has ended and, where this gateway writes views, its view says so. Each caller has a
    /// future of its own, gives it a time limit, and cancels it when that has passed.
    public CompletableFuture<AgentState> whenEnded(AgentId id) {
        CompletableFuture<AgentState> waiter = new CompletableFuture<>();
        long ticket = tickets.incrementAndGet();
        waiting.compute(
                id,
                (agent, waiters) -> {
                    Map<Long, CompletableFuture<AgentState>> all =
                            waiters == null ? new ConcurrentHashMap<>() : waiters;
                    all.put(ticket, waiter);
                    return all;
                });
        CompletableFuture<AgentState> _ =
                waiter.whenComplete((state, gaveUp) -> forget(id, ticket));
        AgentState state = endedState(id);
        if (state != null) {
            waiter.complete(state);
        }
        return waiter;
    }

    /// How many callers wait for an end.
    int waiters() {
        return waiting.values().stream().mapToInt(Map::size).sum();
    }

    /// How an agent stands: one that is not finished, or ended lately.
    public Optional<AgentState> state(AgentId id) {
        LiveAgent live = lookUp(id);
        return live.equals(LiveAgent.UNKNOWN) ? Optional.empty() : Optional.of(live.state());
    }

    /// The teams that are not finished.
    public List<AgentState> teams() {
        return teams.stream()
                .map(active::get)
                .filter(Objects::nonNull)
                .map(LiveAgent::state)
                .toList();
    }

    /// How many agents are spawning or running, of all accounts.
    public long unfinished() {
        return active.values().stream()
                .filter(live -> live.state().order() != null && !live.state().isTerminal())
                .count();
    }

    public int count() {
        return active.size();
    }

    LiveAgent apply(SpawnCommand command, Position position, long now) {
        AgentId id = command.order().agentId();
        LiveAgent before = lookUp(id);
        AgentState state = AgentLife.apply(before.state(), command);
        boolean newer = command.attempt() >= before.state().commanded();
        return keep(id, before.with(state, newer ? position : before.command(), now));
    }

    LiveAgent apply(AgentEvent event, long now) {
        LiveAgent before = lookUp(event.agentId());
        AgentState state = AgentLife.apply(before.state(), event);
        return keep(event.agentId(), before.with(state, before.command(), now));
    }

    LiveAgent lookUp(AgentId id) {
        LiveAgent live = active.get(id);
        if (live != null) {
            return live;
        }
        synchronized (ended) {
            return ended.getOrDefault(id, LiveAgent.UNKNOWN);
        }
    }

    boolean isUnknown(AgentId id) {
        return lookUp(id).equals(LiveAgent.UNKNOWN);
    }

    /// Takes over what Redis had, unless memory knows the agent already.
    void addMissing(AgentId id, LiveAgent live) {
        if (isUnknown(id)) {
            keep(id, live);
        }
    }

    /// Forgets an agent that only seemed active because late records came after its end was forgotten.
    void drop(AgentId id) {
        active.remove(id);
        teams.remove(id);
        shares.moved(id, null, null);
    }

    /// Forgets agents of which only events were ever read: they ended long before this process came.
    void dropOrphans(long seenBefore) {
        active.values().removeIf(live -> live.state().order() == null && live.seen() < seenBefore);
    }

    Collection<Map.Entry<AgentId, LiveAgent>> all() {
        return active.entrySet();
    }

    void tellEnded(AgentId id, AgentState state) {
        Map<Long, CompletableFuture<AgentState>> waiters = waiting.remove(id);
        if (waiters != null) {
            waiters.values().forEach(waiter -> waiter.complete(state));
        }
    }

    private void forget(AgentId id, long ticket) {
        waiting.computeIfPresent(
                id,
                (agent, waiters) -> {
                    waiters.remove(ticket);
                    return waiters.isEmpty() ? null : waiters;
                });
    }

    private LiveAgent keep(AgentId id, LiveAgent live) {
        shares.moved(id, live.state().order(), live.place());
        // An end without a command may belong to an agent that was finished and forgotten before.
        if (live.state().isTerminal() && live.state().order() != null) {
            active.remove(id);
            teams.remove(id);
            synchronized (ended) {
                ended.put(id, live);
            }
        } else {
            active.put(id, live);
            AgentOrder order = live.state().order();
            if (order != null && order.team() != null) {
                teams.add(id);
            }
        }
        return live;
    }

    private @org.jspecify.annotations.Nullable AgentState endedState(AgentId id) {
        synchronized (ended) {
            LiveAgent live = ended.get(id);
            return live == null ? null : live.state();
        }
    }
}
