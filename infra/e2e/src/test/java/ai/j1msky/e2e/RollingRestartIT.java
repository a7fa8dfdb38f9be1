package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Every service can be stopped properly and started again while work goes on: nothing is lost or done twice.
@Order(7)
@ExtendWith(RunningProduct.class)
class RollingRestartIT {

    private static final int UNDER_WAY = 15;

    private final Product product;
    private final Client client;

    RollingRestartIT(Product product) {
        this.product = product;
        this.client = product.live();
    }

    @Test
    void servicesRestartedOneByOneUnderLoadLoseNothingAndCallNoModelTwice() {
        // Given
        long chargedBefore = client.chargedToday();
        List<Integer> underWay = new ArrayList<>();

        // When
        Map<Scripted, String> spawned;
        try (SteadyLoad load = new SteadyLoad(client, "delay=1s tokens=5")) {
            for (String service : List.of("worker-1", "worker-2", "billing", "gateway")) {
                load.awaitMore(UNDER_WAY);
                underWay.add(client.get("/agents?status=running").body().get("count").asInt());
                product.processes().terminate(service);
                product.restart(service);
            }
            spawned = load.stop();
        }

        // Then
        assertThat(underWay).as("agents that ran when a service was stopped").doesNotContain(0);
        List<Answer> ended = spawned.values().stream().map(client::end).toList();
        assertThat(ended)
                .allSatisfy(agent -> assertThat(agent.agentStatus()).isEqualTo("completed"))
                .allSatisfy(agent -> assertThat(agent.body().get("attempts")).hasSize(1));
        spawned.keySet().forEach(task -> assertThat(product.callsOf(task)).hasSize(1));
        assertThat(client.chargedToday() - chargedBefore)
                .isEqualTo(ended.stream().mapToLong(Answer::cost).sum())
                .isPositive();
    }
}
