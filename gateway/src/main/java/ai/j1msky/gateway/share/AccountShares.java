package ai.j1msky.gateway.share;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How many agents of each account may be in play, that is in a queue or running: of each priority about as many as keep
/// the workers busy, shared max-min fairly. So queues stay short, and an agent of an account that asks for little waits
/// for a few others, not for all that somebody else has sent before. What an account does not use is the others'.
///
/// Each priority is shared by itself: whose turn it is between priorities, workers decide. Thread-safe.
public final class AccountShares {

    /// So many of a priority may be in play however few slots there are.
    static final int FEWEST = 16;

    /// So many wait in a queue besides those that run, enough for a worker not to look into an empty one before the next
    /// are sent: a part of the slots, or what ends within a part of a second, but never more than there are slots.
    private static final double QUEUED = 0.25;

    private static final int LEAST_QUEUED = 4;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SLOTS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final IntSupplier slots;
    private final LongSupplier nanos;
    private final Map<AgentId, Known> known = new HashMap<>();
    private final Map<Priority, Lane> lanes = new EnumMap<>(Priority.class);
    private final Rate ends;
    private long slotsKnownAt;
    private int slotsKnown = -1;

    /// @param slots how many agents the workers can run at once
    public AccountShares(IntSupplier slots) {
        this(slots, System::nanoTime);
    }

    /// @param nanos as [System#nanoTime]
    public AccountShares(IntSupplier slots, LongSupplier nanos) {
        this.slots = slots;
        this.nanos = nanos;
        this.ends = new Rate(nanos.getAsLong());
        for (Priority priority : Priority.values()) {
            lanes.put(priority, new Lane());
        }
    }

    /// @param place null when it is neither
    /// @param sent whether the log has not said yet that it is in play
    private record Known(AccountId account, Priority priority, Place place, boolean sent) {}

    /// Where an agent stands now, as the log says.
    ///
    /// @param place null when it is not the workers' to run: it has ended, is put off, or is a team
    public void moved(AgentId agent, @Nullable AgentOrder order, @Nullable Place place) {
        lock.lock();
        try {
            Known before = known.get(agent);
            Known after =
                    order == null || place == null
                            ? null
                            : new Known(order.accountId(), order.priority(), place, false);
            boolean isOnItsWay = before != null && before.sent && place == Place.WAITING;
            if (!isOnItsWay && !Objects.equals(before, after)) {
                set(agent, before, after);
                if (after == null && before != null && before.place == Place.IN_PLAY) {
                    ends.count(nanos.getAsLong());
                }
                if (waitingNow() > 0) {
                    changed.signal();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether a new agent may be put into its queue at once; else it waits until it is due. One that may counts as in
    /// play from now on, before the log says so: many may come at the same moment.
    public boolean enter(AgentOrder order) {
        lock.lock();
        try {
            Known before = known.get(order.agentId());
            if (before != null) {
                return before.place == Place.IN_PLAY;
            }
            Lane lane = lane(order.priority());
            Agents agents = lane.accounts.get(order.accountId());
            boolean hasRoom =
                    agents == null
                            || (agents.waiting.isEmpty()
                                    // Beside the new one.
                                    && agents.inPlay < lane.level(capacity() - 1));
            if (hasRoom) {
                set(
                        order.agentId(),
                        null,
                        new Known(order.accountId(), order.priority(), Place.IN_PLAY, true));
            }
            return hasRoom;
        } finally {
            lock.unlock();
        }
    }

    /// An agent that had entered was not put into its queue, as far as this gateway knows.
    public void withdraw(AgentId agent) {
        lock.lock();
        try {
            Known before = known.get(agent);
            if (before != null && before.sent) {
                set(agent, before, null);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the turn of some agents has come, or so long. They count as in play from now on.
    ///
    /// @param most how many at once
    /// @return accounts by turns, the oldest of each first
    public List<AgentId> awaitDue(int most, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            List<AgentId> due = due(most);
            while (due.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
                due = due(most);
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    private List<AgentId> due(int most) {
        List<AgentId> due = new ArrayList<>();
        if (waitingNow() == 0) {
            return due;
        }
        int capacity = capacity();
        for (Lane lane : lanes.values()) {
            int level = lane.level(capacity);
            boolean found = true;
            while (found && due.size() < most) {
                List<AgentId> round =
                        lane.accounts.values().stream()
                                .filter(agents -> agents.inPlay < level)
                                .filter(agents -> !agents.waiting.isEmpty())
                                .map(agents -> agents.waiting.getFirst())
                                .limit(most - due.size())
                                .toList();
                round.forEach(this::hand);
                due.addAll(round);
                found = !round.isEmpty();
            }
        }
        return due;
    }

    private void hand(AgentId agent) {
        Known before = Objects.requireNonNull(known.get(agent));
        set(agent, before, new Known(before.account, before.priority, Place.IN_PLAY, true));
    }

    /// Agents that were due and could not be sent: they are due again.
    public void putBack(Collection<AgentId> agents) {
        lock.lock();
        try {
            for (AgentId agent : agents) {
                Known before = known.get(agent);
                if (before != null && before.sent) {
                    Known after = new Known(before.account, before.priority, Place.WAITING, false);
                    set(agent, before, after);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// How many agents wait for their account's turn.
    public int waiting() {
        lock.lock();
        try {
            return waitingNow();
        } finally {
            lock.unlock();
        }
    }

    private int waitingNow() {
        return lanes.values().stream().mapToInt(lane -> lane.waiting).sum();
    }

    private void set(AgentId agent, @Nullable Known before, @Nullable Known after) {
        if (before != null) {
            lane(before.priority).leave(agent, before);
        }
        if (after == null) {
            known.remove(agent);
        } else {
            known.put(agent, after);
            lane(after.priority).enter(agent, after);
        }
    }

    private Lane lane(Priority priority) {
        return Objects.requireNonNull(lanes.get(priority));
    }

    private int capacity() {
        long now = nanos.getAsLong();
        if (slotsKnown < 0 || now - slotsKnownAt > SLOTS_NANOS) {
            slotsKnown = slots.getAsInt();
            slotsKnownAt = now;
        }
        double ended = Math.min(slotsKnown, QUEUED * ends.perSecond(now));
        int queued = (int) Math.max(QUEUED * slotsKnown, ended);
        return Math.max(FEWEST, slotsKnown + Math.max(LEAST_QUEUED, queued));
    }

    /// The agents of one account and priority.
    private static final class Agents {
        private final LinkedHashSet<AgentId> waiting = new LinkedHashSet<>();
        private int inPlay;
    }

    /// The agents of one priority.
    private static final class Lane {
        private final Map<AccountId, Agents> accounts = new LinkedHashMap<>();
        private int waiting;
        private int inPlay;

        void enter(AgentId agent, Known at) {
            Agents agents = accounts.computeIfAbsent(at.account, _ -> new Agents());
            if (at.place == Place.WAITING) {
                agents.waiting.add(agent);
                waiting++;
            } else {
                agents.inPlay++;
                inPlay++;
            }
        }

        void leave(AgentId agent, Known at) {
            Agents agents = Objects.requireNonNull(accounts.get(at.account));
            if (at.place == Place.WAITING) {
                agents.waiting.remove(agent);
                waiting--;
            } else {
                agents.inPlay--;
                inPlay--;
            }
            if (agents.inPlay == 0 && agents.waiting.isEmpty()) {
                accounts.remove(at.account);
            }
        }

        /// How many one account may have in play so that all together have no more than the capacity: those that want
        /// less get what they want, and what is left is shared evenly by the others.
        int level(int capacity) {
            if (waiting + inPlay <= capacity) {
                return Integer.MAX_VALUE;
            }
            int[] wanted =
                    accounts.values().stream().mapToInt(a -> a.inPlay + a.waiting.size()).toArray();
            Arrays.sort(wanted);
            int left = capacity;
            for (int i = 0; i < wanted.length; i++) {
                int share = left / (wanted.length - i);
                if (wanted[i] > share) {
                    return Math.max(1, share);
                }
                left -= wanted[i];
            }
            return Integer.MAX_VALUE;
        }
    }

    /// Events per second, over the last whole second or longer.
    private static final class Rate {
        private long since;
        private int counted;
        private double perSecond;

        Rate(long now) {
            since = now;
        }

        void count(long now) {
            perSecond(now);
            counted++;
        }

        double perSecond(long now) {
            long passed = now - since;
            if (passed >= WINDOW_NANOS) {
                perSecond = counted * (double) WINDOW_NANOS / passed;
                counted = 0;
                since = now;
            }
            return perSecond;
        }
    }
}
