package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Nothing runs or waits for longer than it may.
@Order(7)
@ExtendWith(RunningProduct.class)
class DeadlinesIT {

    private final Product product;
    private final Client client;

    DeadlinesIT(Product product) {
        this.product = product;
        this.client = product.live();
    }

    @Test
    void aHangingModelCallEndsWithItsTimeoutAndIsClosed() {
        // Given
        Scripted task = Scripted.of("hang=before-headers");

        // When
        Answer spawned = client.spawn(Client.order("sonnet", task.task()).put("timeout", 2));
        Answer ended = client.end(spawned.succeeded().agentId());

        // Then
        assertThat(ended.agentStatus()).isEqualTo("failed");
        assertThat(ended.body().at("/error/code").asString()).isEqualTo("timeout");
        assertThat(ended.cost()).isZero();
        assertThat(Duration.between(time(ended, "started"), time(ended, "completed")))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(7));
        assertThat(product.callsOf(task)).singleElement().matches(call -> call.closedByClient());
    }

    @Test
    void anAgentThatNobodyTakesExpiresInTheQueueAndIsNeverRun() {
        // Given
        product.reconfigureGateway("\"queue_time\": \"3s\",");
        List<String> workers = List.of("worker-1", "worker-2");
        workers.forEach(product.processes()::freeze);
        Scripted task = Scripted.of("tokens=5");

        // When
        String id = client.spawn("k2p5", task.task());
        Answer ended = client.end(id, Duration.ofSeconds(10));
        workers.forEach(product.processes()::resume);
        product.reconfigureGateway("");
        String next = client.spawn("k2p5", Scripted.of("tokens=5").task());

        // Then
        assertThat(ended.agentStatus()).isEqualTo("failed");
        assertThat(ended.body().at("/error/code").asString()).isEqualTo("queue_expired");
        assertThat(ended.cost()).isZero();
        assertThat(client.end(next).agentStatus()).isEqualTo("completed");
        assertThat(product.callsOf(task)).isEmpty();
        assertThat(client.agent(id).body()).isEqualTo(ended.body());
    }

    private static Instant time(Answer agent, String field) {
        return Instant.parse(agent.body().get(field).asString());
    }
}
