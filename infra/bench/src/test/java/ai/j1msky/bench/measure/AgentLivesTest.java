package ai.j1msky.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgentLivesTest {

    private static final Duration A_MOMENT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String STARTED = "ai.j1msky.agent.attempt-started.v1";
    private static final String COMPLETED = "ai.j1msky.agent.completed.v1";

    private final AgentLives lives = new AgentLives();

    @Test
    void theStartIsKnownAlsoWhenTheAgentHasAlreadyCompleted() {
        // Given
        lives.arrived(STARTED, "subagent_1", 100);
        lives.arrived(COMPLETED, "subagent_1", 200);

        // When
        long startedAt = lives.awaitStarted("subagent_1", LONG);
        long completedAt = lives.awaitCompleted(1, LONG);

        // Then
        assertThat(startedAt).isEqualTo(100);
        assertThat(completedAt).isEqualTo(200);
    }

    @Test
    void waitingEndsWhenTheEventArrives() {
        // Given
        Thread.ofVirtual().start(() -> lives.arrived(COMPLETED, "subagent_1", 7));

        // When
        long completedAt = lives.awaitCompleted(1, LONG);

        // Then
        assertThat(completedAt).isEqualTo(7);
    }

    @Test
    void anAgentThatFailedFailsTheMeasurement() {
        // Given
        lives.arrived("ai.j1msky.agent.failed.v1", "subagent_1", 1);

        // Then
        assertThatThrownBy(() -> lives.awaitCompleted(1, LONG))
                .hasMessageContaining("1 agents failed");
    }

    @Test
    void patienceEndsWhenNothingArrives() {
        assertThatThrownBy(() -> lives.awaitCompleted(2, A_MOMENT))
                .hasMessageContaining("only 0 of 2");
        assertThatThrownBy(() -> lives.awaitStarted("subagent_9", A_MOMENT))
                .hasMessageContaining("not started");
    }
}
