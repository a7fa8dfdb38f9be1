package ai.j1msky.worker.pull;

import ai.j1msky.common.agent.Priority;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Whose turn it is: weighted fair queueing over the priorities that have agents. Each slot that a priority takes puts it
/// back by one part in its weight, and the one that is least far goes next, so the slots taken follow the weights and
/// none starves. Who has had nothing to take for a while gets no credit for it.
///
/// Whether a queue has agents is only known once it was asked, and asking takes locks on what it answers. So a
/// priority that is ahead does not even ask while another one takes all that it asks for.
final class WeightedTurns {

    /// A queue that has not answered for so long is empty.
    private static final long EMPTY_AFTER = Duration.ofMillis(10).toNanos();

    /// Others are not held up by somebody who takes longer to start what it has.
    private static final long BUSY_AFTER = Duration.ofMillis(100).toNanos();

    /// One turn of the least weight, so that nobody waits for the exact order.
    private static final double TOLERANCE = 1.0;

    private final Map<Priority, Taker> takers = new EnumMap<>(Priority.class);

    private static final class Taker {
        private double taken;
        private boolean hungry;
        private boolean asking;
        private long since;
        private int waiting;

        boolean isHungry(long now) {
            long silent = now - since;
            return hungry && (asking ? silent <= EMPTY_AFTER : waiting > 0 || silent <= BUSY_AFTER);
        }
    }

    WeightedTurns() {
        for (Priority priority : Priority.values()) {
            takers.put(priority, new Taker());
        }
    }

    /// The next of those waiting for a slot; empty when none waits.
    Optional<Priority> next(Set<Priority> waiting) {
        return waiting.stream().min(Comparator.comparingDouble(p -> of(p).taken));
    }

    /// It got a slot.
    void took(Priority priority) {
        of(priority).taken += 1.0 / priority.weight();
    }

    /// It begins to wait for free slots and its turn.
    void arrives(Priority priority) {
        of(priority).waiting++;
    }

    /// It has waited.
    void leaves(Priority priority) {
        of(priority).waiting--;
    }

    /// It asks its queue.
    void asks(Priority priority, long now) {
        of(priority).asking = true;
        of(priority).since = now;
    }

    /// Its queue has answered.
    ///
    /// @param all whether with as many agents as it could take
    void got(Priority priority, boolean all, long now) {
        Taker taker = of(priority);
        if (all && !taker.isHungry(now)) {
            taker.taken = Math.max(taker.taken, leastOfOthers(priority, now).orElse(0.0));
        }
        taker.hungry = all;
        taker.asking = false;
        taker.since = now;
    }

    /// Whether it may ask its queue now.
    boolean isTurnOf(Priority priority, long now) {
        return leastOfOthers(priority, now)
                .map(least -> of(priority).taken <= least + TOLERANCE)
                .orElse(true);
    }

    private Optional<Double> leastOfOthers(Priority priority, long now) {
        return takers.entrySet().stream()
                .filter(entry -> entry.getKey() != priority && entry.getValue().isHungry(now))
                .map(entry -> entry.getValue().taken)
                .min(Double::compare);
    }

    private Taker of(Priority priority) {
        return Objects.requireNonNull(takers.get(priority));
    }
}
