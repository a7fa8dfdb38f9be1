package ai.j1msky.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentEvent.AgentCancelled;
import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AttemptStarted;
import ai.j1msky.common.agent.AgentEvent.CancelRequested;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.node.NodeHealth;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When a worker takes no new work, and what becomes of what it runs meanwhile.
class NodeIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir private Path directory;
    private TestAgency agency;
    private Worker worker;
    private boolean drained;

    @BeforeEach
    void start() throws Exception {
        agency = new TestAgency(directory);
        agency.temperature(50);
        worker = agency.worker(new ScriptedProvider());
        worker.start();
        awaitState("up");
    }

    @AfterEach
    void stop() throws Exception {
        if (!drained) {
            worker.drain();
        }
        agency.close();
    }

    private void awaitState(String state) {
        await().atMost(SOON)
                .until(
                        () ->
                                agency.health()
                                        .map(NodeHealth::state)
                                        .filter(state::equals)
                                        .isPresent());
    }

    private void awaitEvent(AgentId agent, Class<? extends AgentEvent> type) {
        await().atMost(SOON).until(() -> !agency.eventsOf(agent, type).isEmpty());
    }

    /// That no new agent starts, and that the one that runs is left alone and can be cancelled.
    private void assertNothingStartsBeside(TestAgency.Spawned running, TestAgency.Spawned fresh)
            throws Exception {
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        assertThat(agency.eventsOf(fresh.id())).isEmpty();
        assertThat(agency.eventsOf(running.id()))
                .hasSize(1)
                .allSatisfy(event -> assertThat(event).isInstanceOf(AttemptStarted.class));
        agency.append(new CancelRequested(running.id(), TestAgency.ACCOUNT, Instant.now()));
        awaitEvent(running.id(), AgentCancelled.class);
    }

    @Test
    void aHotMachineStartsNothingUntilItWasCoolForAWhile() throws Exception {
        // Given
        TestAgency.Spawned running = agency.spawn("hang");
        awaitEvent(running.id(), AttemptStarted.class);

        // When
        agency.temperature(75);
        awaitState("hot");
        TestAgency.Spawned fresh = agency.spawn("hello");

        // Then
        assertNothingStartsBeside(running, fresh);
        agency.temperature(70);
        await().pollDelay(TestAgency.COOL_FOR.plusSeconds(2)).until(() -> true);
        assertThat(agency.eventsOf(fresh.id())).isEmpty();
        assertThat(agency.health().orElseThrow().notTaking()).isEqualTo("hot");
        agency.temperature(68);
        awaitEvent(fresh.id(), AgentCompleted.class);
        awaitState("up");
    }

    @Test
    void aDrainedNodeStartsNothingUntilItMayAgain() throws Exception {
        // Given
        TestAgency.Spawned running = agency.spawn("hang");
        awaitEvent(running.id(), AttemptStarted.class);

        // When
        agency.drainNode(true);
        awaitState("draining");
        TestAgency.Spawned fresh = agency.spawn("hello");

        // Then
        try {
            assertNothingStartsBeside(running, fresh);
        } finally {
            agency.drainNode(false);
        }
        awaitEvent(fresh.id(), AgentCompleted.class);
        awaitState("up");
    }

    @Test
    void aNodeThatStopsTakesItsReportAway() throws Exception {
        // When
        drained = true;
        worker.drain();

        // Then
        assertThat(agency.health()).isEmpty();
    }
}
