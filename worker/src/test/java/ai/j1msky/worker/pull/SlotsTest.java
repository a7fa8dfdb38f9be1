package ai.j1msky.worker.pull;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.Priority;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SlotsTest {

    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(10);

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
        assertThat(slots.awaitFree(Priority.NORMAL, 1, 32, LONG)).isFalse();
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

        assertThat(slots.awaitFree(Priority.NORMAL, 1, 2, Duration.ofMillis(1))).isFalse();
        assertThat(slots.awaitFree(Priority.NORMAL, 3, Integer.MAX_VALUE, LONG)).isTrue();

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
        assertThat(slots.awaitFree(Priority.NORMAL, 1, 2, LONG)).isTrue();
        taker.join();
    }
}
