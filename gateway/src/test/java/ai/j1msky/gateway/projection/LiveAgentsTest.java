package ai.j1msky.gateway.projection;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.log.Position;
import ai.j1msky.gateway.TestAgent;
import ai.j1msky.gateway.share.AccountShares;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LiveAgentsTest {

    private static final Position SOMEWHERE = new Position("queue", 0, 1);

    private final LiveAgents agents = new LiveAgents(new AccountShares(() -> 0));
    private final TestAgent agent = TestAgent.create();

    @Test
    void everybodyWhoWaitsHearsOfTheEnd() {
        // Given
        agents.apply(agent.command(), SOMEWHERE, 1);
        CompletableFuture<AgentState> first = agents.whenEnded(agent.id());
        CompletableFuture<AgentState> second = agents.whenEnded(agent.id());

        // When
        end();

        // Then
        assertThat(first).isCompletedWithValueMatching(s -> s.status() == AgentStatus.CANCELLED);
        assertThat(second).isCompletedWithValueMatching(s -> s.status() == AgentStatus.CANCELLED);
        assertThat(agents.waiters()).isZero();
    }

    @Test
    void oneWhoGivesUpDoesNotTakeTheOthersWaitAway() {
        // Given
        agents.apply(agent.command(), SOMEWHERE, 1);
        CompletableFuture<AgentState> impatient = agents.whenEnded(agent.id());
        CompletableFuture<AgentState> patient = agents.whenEnded(agent.id());

        // When
        impatient.cancel(true);
        int waiting = agents.waiters();
        end();

        // Then
        assertThat(waiting).isEqualTo(1);
        assertThat(patient).isCompleted();
    }

    @Test
    void whoAsksAfterTheEndDoesNotWait() {
        // Given
        agents.apply(agent.command(), SOMEWHERE, 1);
        end();

        // When
        CompletableFuture<AgentState> late = agents.whenEnded(agent.id());

        // Then
        assertThat(late).isCompleted();
        assertThat(agents.waiters()).isZero();
    }

    @Test
    void anEndWithoutACommandStaysUntilTheCommandComes() {
        // Given
        agents.apply(agent.cancelRequested(), 1);
        boolean cancellable = agents.findActive(agent.id()).isPresent();

        // When
        LiveAgent whole = agents.apply(agent.command(), SOMEWHERE, 2);

        // Then
        assertThat(cancellable).isFalse();
        assertThat(whole.state().status()).isEqualTo(AgentStatus.CANCELLED);
        assertThat(agents.count()).isZero();
    }

    @Test
    void orphansAreForgottenAndLiveAgentsAreNot() {
        // Given
        TestAgent orphan = TestAgent.create();
        agents.apply(orphan.started(1, TestAgent.worker()), 10);
        agents.apply(agent.command(), SOMEWHERE, 10);

        // When
        agents.dropOrphans(11);

        // Then
        assertThat(agents.isUnknown(orphan.id())).isTrue();
        assertThat(agents.findActive(agent.id())).isPresent();
    }

    private void end() {
        LiveAgent ended = agents.apply(agent.cancelRequested(), 2);
        agents.tellEnded(agent.id(), ended.state());
    }
}
