package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// A power cut forgets nothing that was acknowledged.
@Order(9)
@ExtendWith(RunningProduct.class)
class CrashIT {

    private static final Duration CONVERGED = Duration.ofSeconds(60);
    private static final int UNDER_WAY = 10;
    private static final Duration PACE = Duration.ofMillis(20);
    private static final int MOST = 150;

    private final Product product;
    private final Client client;

    CrashIT(Product product) {
        this.product = product;
        this.client = product.live();
    }

    @Test
    void everyAcknowledgedAgentIsThereAndEndsAfterEverythingWasKilled() {
        // Given
        Map<String, JsonNode> ended =
                client.dump().entrySet().stream()
                        .filter(agent -> !agent.getValue().get("completed").isNull())
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        List<Scripted> running = new CopyOnWriteArrayList<>();
        try (InParallel parallel = new InParallel()) {
            CompletableFuture<Integer> spawner = parallel.start(() -> spawnUntilTheEnd(running));
            Awaitility.await("agents under way")
                    .until(() -> running.stream().filter(this::wasCalled).count() >= UNDER_WAY);

            // When
            Processes.ALL.forEach(product.processes()::kill);
            assertThat(spawner.join()).as("acknowledged before the crash").isPositive();
        }
        product.up();

        // Then
        Awaitility.await("every agent to end")
                .atMost(CONVERGED)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(
                        () ->
                                assertThat(client.dump().values())
                                        .allSatisfy(
                                                agent ->
                                                        assertThat(agent.get("status").asString())
                                                                .isIn(
                                                                        "completed",
                                                                        "failed",
                                                                        "cancelled")));
        assertThat(client.dump()).containsAllEntriesOf(ended);
        for (Scripted task : running) {
            assertThat(product.callsOf(task)).hasSizeBetween(0, 2);
        }
    }

    /// Spawns until nobody answers any more, and says how many were acknowledged.
    private int spawnUntilTheEnd(List<Scripted> tasks) {
        int acknowledged = 0;
        while (acknowledged < MOST) {
            Scripted task = Scripted.of("delay=3s tokens=5");
            try {
                if (client.spawn(Client.order("k2p5", task.task())).status() == 200) {
                    acknowledged++;
                }
            } catch (UncheckedIOException gone) {
                return acknowledged;
            }
            tasks.add(task);
            LockSupport.parkNanos(PACE.toNanos());
        }
        throw new IllegalStateException("the crash came too late");
    }

    private boolean wasCalled(Scripted task) {
        return !product.callsOf(task).isEmpty();
    }
}
