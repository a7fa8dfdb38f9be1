package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

/// A gateway that dies at any moment leaves nothing half done and counts nothing twice.
@Order(6)
@ExtendWith(RunningProduct.class)
class GatewayLossIT {

    private static final int KEYED = 6;
    private static final int UNKEYED = 4;
    private static final int DEATHS = 3;
    private static final int SPAWNED_BETWEEN = 10;

    /// After this long a reservation that no command followed counts as an agent no more.
    private static final Duration RESERVATION = Duration.ofSeconds(31);

    private final Product product;
    private final Client client;

    GatewayLossIT(Product product) {
        this.product = product;
        this.client = product.live();
    }

    @Test
    void aGatewayKilledBetweenReservationAndCommandMakesOneAgentOfARepeatedRequest() {
        // Given
        List<Scripted> keyed = tasks(KEYED);
        List<Scripted> unkeyed = tasks(UNKEYED);
        long keysBefore = product.redis().size();

        // When
        product.processes().freeze("kafka");
        List<CompletableFuture<Answer>> unanswered = new ArrayList<>();
        try (InParallel parallel = new InParallel()) {
            unanswered.addAll(parallel.start(KEYED, number -> spawn(keyed.get(number), true)));
            unanswered.addAll(parallel.start(UNKEYED, number -> spawn(unkeyed.get(number), false)));
            // A view each, and a row for each Idempotency-Key.
            Awaitility.await("all to be reserved")
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> product.redis().size() >= keysBefore + 2 * KEYED + UNKEYED);
            product.processes().kill("gateway");
        }
        product.processes().resume("kafka");
        product.restart("gateway");
        List<Answer> repeated = keyed.stream().map(task -> SteadyLoad.spawn(client, task)).toList();

        // Then
        for (CompletableFuture<Answer> lost : unanswered) {
            assertThatThrownBy(lost::join)
                    .as("the gateway died before it answered")
                    .isInstanceOf(CompletionException.class);
        }
        for (int number = 0; number < KEYED; number++) {
            Answer ended = client.end(repeated.get(number).agentId());
            assertThat(ended.agentStatus()).isEqualTo("completed");
            assertThat(product.callsOf(keyed.get(number))).hasSize(1);
        }
        Awaitility.await("reservations to lapse")
                .atMost(RESERVATION)
                .untilAsserted(
                        () ->
                                assertThat(client.get("/agents").body().get("count").asInt())
                                        .isZero());
        unkeyed.forEach(task -> assertThat(product.callsOf(task)).hasSizeLessThanOrEqualTo(1));
    }

    @Test
    void aProjectionThatIsKilledAgainAndAgainMissesNothingAndCountsNothingTwice() {
        // Given
        long chargedBefore = client.chargedToday();

        // When
        Map<Scripted, String> spawned;
        try (SteadyLoad load = new SteadyLoad(client, "tokens=5")) {
            for (int death = 0; death < DEATHS; death++) {
                load.awaitMore(SPAWNED_BETWEEN);
                product.processes().kill("gateway");
                product.restart("gateway");
            }
            spawned = load.stop();
        }

        // Then
        List<Answer> ended = spawned.values().stream().map(client::end).toList();
        assertThat(ended).extracting(Answer::agentStatus).containsOnly("completed");
        spawned.keySet().forEach(task -> assertThat(product.callsOf(task)).hasSize(1));
        assertThat(client.chargedToday() - chargedBefore)
                .isEqualTo(ended.stream().mapToLong(Answer::cost).sum())
                .isPositive();
    }

    private Answer spawn(Scripted task, boolean withKey) {
        ObjectNode order = Client.order("k2p5", task.task());
        return withKey ? client.spawn(order, task.marker()) : client.spawn(order);
    }

    private static List<Scripted> tasks(int number) {
        return IntStream.range(0, number).mapToObj(n -> Scripted.of("tokens=5")).toList();
    }
}
