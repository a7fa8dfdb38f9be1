package ai.j1msky.worker.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.j1msky.common.agent.Priority;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightedTurnsTest {

    private static final Set<Priority> ALL = EnumSet.allOf(Priority.class);
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final WeightedTurns turns = new WeightedTurns();
    private final Map<Priority, Integer> taken = new EnumMap<>(Priority.class);
    private long now;

    /// Gives one slot to whoever is next of those that wait for one.
    private Priority take(Set<Priority> waiting) {
        Priority next = turns.next(waiting).orElseThrow();
        turns.took(next);
        taken.merge(next, 1, Integer::sum);
        return next;
    }

    /// Its queue has more than it can take.
    private void ask(Priority priority, int slots) {
        turns.asks(priority, now);
        turns.got(priority, true, now);
        for (int i = 0; i < slots; i++) {
            take(EnumSet.of(priority));
        }
    }

    @Test
    void slotsFollowTheWeightsWhileAllWait() {
        // When
        for (int turn = 0; turn < 1_200; turn++) {
            take(ALL);
        }

        // Then
        assertThat(taken.get(Priority.HIGH)).isCloseTo(800, within(2));
        assertThat(taken.get(Priority.NORMAL)).isCloseTo(300, within(2));
        assertThat(taken.get(Priority.LOW)).isCloseTo(100, within(2));
    }

    @Test
    void lowGetsASlotInEveryTwelve() {
        // Given
        int longest = 0;
        int since = 0;

        // When
        for (int turn = 0; turn < 1_000; turn++) {
            since = take(ALL) == Priority.LOW ? 0 : since + 1;
            longest = Math.max(longest, since);
        }

        // Then
        assertThat(longest).isLessThanOrEqualTo(12);
    }

    @Test
    void whoWaitsAloneGetsEverySlot() {
        // When
        Priority chosen = turns.next(EnumSet.of(Priority.LOW)).orElseThrow();

        // Then
        assertThat(chosen).isEqualTo(Priority.LOW);
        assertThat(turns.next(EnumSet.noneOf(Priority.class))).isEmpty();
    }

    /// Each asks whenever it may, some slots at a time, all as fast as each other.
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "6, 6, 6", "25, 6, 1"})
    void whoAsksOnlyInItsTurnTakesItsShare(int high, int normal, int low) {
        // Given
        Map<Priority, Integer> batch =
                Map.of(Priority.HIGH, high, Priority.NORMAL, normal, Priority.LOW, low);

        // When
        for (int round = 0; round < 3_000; round++) {
            for (Priority priority : Priority.values()) {
                if (turns.isTurnOf(priority, now)) {
                    ask(priority, batch.get(priority));
                }
            }
        }

        // Then
        double all = taken.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(taken.get(Priority.HIGH) / all).isCloseTo(8 / 12.0, within(0.05));
        assertThat(taken.get(Priority.NORMAL) / all).isCloseTo(3 / 12.0, within(0.05));
        assertThat(taken.get(Priority.LOW) / all).isCloseTo(1 / 12.0, within(0.05));
    }

    @Test
    void aQueueThatDoesNotAnswerHoldsNobodyUp() {
        // Given
        ask(Priority.HIGH, 1);
        ask(Priority.LOW, 5);
        boolean before = turns.isTurnOf(Priority.LOW, now);

        // When: somebody else waits for more slots
        turns.arrives(Priority.HIGH);
        turns.asks(Priority.HIGH, now);
        now += 11 * MILLI;

        // Then
        assertThat(before).isFalse();
        assertThat(turns.isTurnOf(Priority.LOW, now)).isTrue();
    }

    @Test
    void whoTakesLongToStartWhatItHasHoldsNobodyUp() {
        // Given
        ask(Priority.HIGH, 1);
        ask(Priority.LOW, 5);

        // When
        now += 101 * MILLI;
        boolean whileItIsBusy = turns.isTurnOf(Priority.LOW, now);
        turns.arrives(Priority.HIGH);

        // Then
        assertThat(whileItIsBusy).isTrue();
        assertThat(turns.isTurnOf(Priority.LOW, now)).as("once it waits for more").isFalse();
    }

    @Test
    void aQueueThatHadLessThanCouldBeTakenHoldsNobodyUp() {
        // Given
        ask(Priority.HIGH, 1);
        ask(Priority.LOW, 5);

        // When
        turns.asks(Priority.HIGH, now);
        turns.got(Priority.HIGH, false, now);

        // Then
        assertThat(turns.isTurnOf(Priority.LOW, now)).isTrue();
    }

    @Test
    void nobodySavesUpTurnsWhileIdle() {
        // Given
        ask(Priority.NORMAL, 3_000);

        // When
        ask(Priority.HIGH, 80);

        // Then: 80 slots of high are as much as 30 of normal
        ask(Priority.NORMAL, 30);
        assertThat(turns.isTurnOf(Priority.HIGH, now)).isTrue();
        ask(Priority.HIGH, 20);
        assertThat(turns.isTurnOf(Priority.HIGH, now)).isFalse();
    }
}
