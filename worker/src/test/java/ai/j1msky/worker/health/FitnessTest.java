package ai.j1msky.worker.health;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.host.HostReading;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// When a machine takes no new work, second by second.
class FitnessTest {

    private final Fitness fitness = new Fitness(Duration.ofSeconds(60));
    private long nanos = Long.MAX_VALUE - 5_000;

    private void seconds(int count, @Nullable Double celsius) {
        for (int i = 0; i < count; i++) {
            nanos += Duration.ofSeconds(1).toNanos();
            fitness.see(new HostReading(celsius, null, 0, 40, 0, 0), nanos);
        }
    }

    private void see(List<String> throttled, double memory) {
        nanos += Duration.ofSeconds(1).toNanos();
        fitness.see(new HostReading(50.0, throttled, 0, memory, 0, 0), nanos);
    }

    @Test
    void itIsHotFromSeventyFiveDegreesOn() {
        seconds(100, 74.9);
        assertThat(fitness.isHot()).isFalse();

        seconds(1, 75.0);

        assertThat(fitness.isHot()).isTrue();
    }

    @Test
    void itIsFitAgainOnceItWasCoolForAMinute() {
        // Given
        seconds(1, 80.0);

        // When
        seconds(60, 68.0);

        // Then
        assertThat(fitness.isHot()).isTrue();
        seconds(1, 68.0);
        assertThat(fitness.isHot()).isFalse();
    }

    @Test
    void oneWarmSecondStartsTheMinuteAgain() {
        // Given
        seconds(1, 75.0);
        seconds(59, 60.0);

        // When
        seconds(1, 68.1);
        seconds(60, 60.0);

        // Then
        assertThat(fitness.isHot()).isTrue();
        seconds(1, 60.0);
        assertThat(fitness.isHot()).isFalse();
    }

    @Test
    void betweenTheTwoItStaysWhatItWas() {
        seconds(1_000, 74.0);
        assertThat(fitness.isHot()).isFalse();

        seconds(1, 75.0);
        seconds(1_000, 70.0);

        assertThat(fitness.isHot()).isTrue();
    }

    @Test
    void withoutASensorItIsNeverHot() {
        seconds(1_000, null);

        assertThat(fitness.isHot()).isFalse();
    }

    @Test
    void aSensorThatFallsSilentDoesNotStopTheNodeForGood() {
        // Given
        seconds(1, 90.0);

        // When
        seconds(30, null);

        // Then
        assertThat(fitness.isHot()).isTrue();
        seconds(31, null);
        assertThat(fitness.isHot()).isFalse();
    }

    @Test
    void aThrottledProcessorIsHotAtAnyTemperature() {
        see(List.of("under_voltage"), 40);
        assertThat(fitness.isHot()).isTrue();

        for (int second = 0; second < 61; second++) {
            see(List.of(), 40);
        }

        assertThat(fitness.isHot()).isFalse();
    }

    @Test
    void memoryIsFullFromOneShareOnAndRoomyFromAnother() {
        see(List.of(), 94.9);
        assertThat(fitness.isFull()).isFalse();
        see(List.of(), 95);
        assertThat(fitness.isFull()).isTrue();
        see(List.of(), 92);
        assertThat(fitness.isFull()).isTrue();
        see(List.of(), 91.9);
        assertThat(fitness.isFull()).isFalse();
    }
}
