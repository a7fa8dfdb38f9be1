package ai.j1msky.worker.pull;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.Priority;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SlotsTest {

    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(10);

    @Test
    void turnsFollowTheWeightsWhileAllWait() {
        // Given
        WeightedTurns turns = new WeightedTurns();
        Map<Priority, Integer> given = new EnumMap<>(Priority.class);

        // When
        for (int turn = 0; turn < 120; turn++) {
            Priority chosen = turns.next(EnumSet.allOf(Priority.class)).orElseThrow();
            given.merge(chosen, 1, Integer::sum);
        }

        // Then
        assertThat(given)
                .containsEntry(Priority.HIGH, 80)
                .containsEntry(Priority.NORMAL, 30)
                .containsEntry(Priority.LOW, 10);
    }

    @Test
    void lowGetsATurnInEveryTwelve() {
        // Given
        WeightedTurns turns = new WeightedTurns();
        int longest = 0;
        int since = 0;

        // When
        for (int turn = 0; turn < 1_000; turn++) {
            boolean low = turns.next(EnumSet.allOf(Priority.class)).orElseThrow() == Priority.LOW;
            since = low ? 0 : since + 1;
            longest = Math.max(longest, since);
        }

        // Then
        assertThat(longest).isLessThan(12);
    }

    @Test
    void whoWaitsAloneGetsEveryTurn() {
        // Given
        WeightedTurns turns = new WeightedTurns();

        // When
        Priority chosen = turns.next(EnumSet.of(Priority.LOW)).orElseThrow();

        // Then
        assertThat(chosen).isEqualTo(Priority.LOW);
        assertThat(turns.next(EnumSet.noneOf(Priority.class))).isEmpty();
    }

    @Test
    void aBatchTakesWhatIsFree() throws InterruptedException {
        // Given
        Slots slots = new Slots(4);

        // When
        int granted = slots.acquire(Priority.NORMAL, 16, LONG);

        // Then
        assertThat(granted).isEqualTo(4);
        assertThat(slots.used()).isEqualTo(4);
        assertThat(slots.acquire(Priority.HIGH, 1, SOON)).isZero();
    }

    @Test
    void whoWaitsGetsTheSlotThatIsGivenBack() throws Exception {
        // Given
        Slots slots = new Slots(1);
        assertThat(slots.acquire(Priority.LOW, 1, SOON)).isEqualTo(1);
        CompletableFuture<Integer> waiting = acquireLater(slots, Priority.HIGH);

        // When
        slots.release();

        // Then
        assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(slots.used()).isEqualTo(1);
    }

    @Test
    void closingEndsAllWaiting() throws Exception {
        // Given
        Slots slots = new Slots(1);
        assertThat(slots.acquire(Priority.LOW, 1, SOON)).isEqualTo(1);
        CompletableFuture<Integer> waiting = acquireLater(slots, Priority.HIGH);

        // When
        slots.close();

        // Then
        assertThat(waiting.get(5, TimeUnit.SECONDS)).isZero();
        assertThat(slots.awaitFree(1, 32, LONG)).isFalse();
    }

    private static CompletableFuture<Integer> acquireLater(Slots slots, Priority priority) {
        CompletableFuture<Integer> granted = new CompletableFuture<>();
        Thread thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        granted.complete(slots.acquire(priority, 1, LONG));
                                    } catch (InterruptedException stopped) {
                                        granted.completeExceptionally(stopped);
                                    }
                                });
        Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return granted;
    }

    @Test
    void whoeverTakesTheFewDoesNotGoWhileThereAreMany() throws Exception {
        Slots slots = new Slots(4);

        assertThat(slots.awaitFree(1, 2, Duration.ofMillis(1))).isFalse();
        assertThat(slots.awaitFree(3, Integer.MAX_VALUE, LONG)).isTrue();

        Thread taker =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        int _ = slots.acquire(Priority.NORMAL, 2, LONG);
                                    } catch (InterruptedException stopped) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        assertThat(slots.awaitFree(1, 2, LONG)).isTrue();
        taker.join();
    }
}
