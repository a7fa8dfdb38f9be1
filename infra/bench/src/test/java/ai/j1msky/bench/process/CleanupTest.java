package ai.j1msky.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CleanupTest {

    private final List<String> ended = new ArrayList<>();

    @Test
    void whatStartedLastEndsFirstAlsoWhenOneStepFails() {
        // Given
        Cleanup cleanup = Cleanup.atExit();
        cleanup.add(step("directory"));
        cleanup.add(
                () -> {
                    throw new IllegalStateException("does not end");
                });
        cleanup.add(step("process"));

        // When
        cleanup.close();

        // Then
        assertThat(ended).containsExactly("process", "directory");
    }

    @Test
    void whatIsStartedDuringAnInterruptionEndsAtOnce() {
        // Given
        Cleanup cleanup = Cleanup.atExit();
        cleanup.close();

        // When
        cleanup.add(step("late"));

        // Then
        assertThat(ended).containsExactly("late");
        assertThat(cleanup.isClosed()).isTrue();
    }

    private AutoCloseable step(String name) {
        return () -> ended.add(name);
    }
}
