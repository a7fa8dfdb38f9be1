package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.infra.testkit.model.RecordedCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A worker that dies or freezes in the middle of a call costs a second call, and nobody but the house.
@Order(4)
@ExtendWith(RunningProduct.class)
class WorkerLossIT {

    /// From the loss to the result: the lease, the watcher, the second call.
    private static final Duration RECOVERY = Duration.ofSeconds(18);

    private static final Duration LONGER_THAN_LEASE = Duration.ofSeconds(12);

    private final Product product;
    private final Client client;

    WorkerLossIT(Product product) {
        this.product = product;
        this.client = product.live();
    }

    @Test
    void anotherWorkerFinishesWhatAKilledOneWasDoingAndItIsChargedOnce() {
        // Given
        long chargedBefore = client.chargedToday();
        Scripted task = Scripted.of("delay=4s tokens=20");
        String id = client.spawn("sonnet", task.task());
        product.awaitCall(task);
        String victim = node(client.running(id));

        // When
        product.processes().kill(victim);
        Answer ended = client.end(id, RECOVERY);
        product.restart(victim);

        // Then
        wasDoneByAnother(ended, victim, task);
        assertThat(product.callsOf(task).getFirst().closedByClient())
                .as("the worker was killed in its call")
                .isTrue();
        assertThat(client.chargedToday() - chargedBefore).isEqualTo(ended.cost()).isPositive();
    }

    @Test
    void aWorkerThatWasFrozenForLongerThanItsLeaseChangesNothingWhenItWakesUp() {
        // Given
        long chargedBefore = client.chargedToday();
        Scripted task = Scripted.of("delay=4s tokens=20");
        String id = client.spawn("k2p5", task.task());
        product.awaitCall(task);
        String victim = node(client.running(id));

        // When
        Instant frozen = Instant.now();
        product.processes().freeze(victim);
        Answer ended = client.end(id, RECOVERY);
        Awaitility.await("the lease to be over")
                .atMost(Duration.ofSeconds(20))
                .until(() -> Instant.now().isAfter(frozen.plus(LONGER_THAN_LEASE)));
        product.processes().resume(victim);

        // Then
        wasDoneByAnother(ended, victim, task);
        Awaitility.await("nothing to change")
                .during(Duration.ofSeconds(4))
                .atMost(Duration.ofSeconds(8))
                .untilAsserted(() -> assertThat(client.agent(id).body()).isEqualTo(ended.body()));
        assertThat(client.chargedToday() - chargedBefore).isEqualTo(ended.cost()).isPositive();
        assertThat(product.callsOf(task)).hasSize(2);
    }

    private void wasDoneByAnother(Answer ended, String victim, Scripted task) {
        assertThat(ended.agentStatus()).isEqualTo("completed");
        assertThat(node(ended)).isNotEqualTo(victim);
        assertThat(ended.body().get("attempts").values())
                .extracting(attempt -> attempt.get("status").asString())
                .containsExactly("lost", "completed");
        assertThat(ended.body().get("attempts").values())
                .extracting(attempt -> Answer.micros(attempt.get("cost")))
                .containsExactly(0L, ended.cost());
        List<RecordedCall> calls = product.callsOf(task);
        assertThat(calls).hasSize(2);
        assertThat(calls.getLast().closedByClient()).isFalse();
    }

    private static String node(Answer agent) {
        return agent.body().get("node").asString();
    }
}
