package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

/// One `Idempotency-Key` is one agent, whatever happens between the requests.
@Order(2)
@ExtendWith(RunningProduct.class)
class IdempotencyIT {

    private static final int AT_ONCE = 50;

    private final Product product;
    private final Client client;

    IdempotencyIT(Product product) {
        this.product = product;
        this.client = product.live();
    }

    @Test
    void fiftyParallelSpawnsWithOneKeyAreOneAgentAndOneModelCall() {
        // Given
        Scripted task = Scripted.of("tokens=5");
        ObjectNode order = Client.order("k2p5", task.task());

        // When
        List<Answer> answers;
        try (InParallel parallel = new InParallel()) {
            answers =
                    InParallel.all(
                            parallel.start(
                                    AT_ONCE, number -> client.spawned(order, "fifty at once")));
        }
        Answer ended = client.end(answers.getFirst().agentId());

        // Then
        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(answers).extracting(Answer::body).containsOnly(answers.getFirst().body());
        assertThat(ended.agentStatus()).isEqualTo("completed");
        assertThat(product.callsOf(task)).hasSize(1);
    }

    @Test
    void aKeyThatWasUsedWithAnotherBodyIsRefused() {
        // Given
        client.spawned(Client.order("k2p5", Scripted.of("tokens=5").task()), "another body");
        int promised = client.promised().size();

        // When
        ObjectNode other = Client.order("k2p5", "something else");
        Answer refused = Client.patiently(() -> client.spawn(other, "another body"));

        // Then
        assertThat(refused.status()).isEqualTo(409);
        assertThat(client.promised()).hasSize(promised);
    }

    @Test
    void aKeyMeansTheSameAgentAfterTheGatewayWasKilledAndAfterRedisForgotEverything() {
        // Given
        Scripted task = Scripted.of("tokens=5");
        ObjectNode order = Client.order("k2p5", task.task());
        Answer first = client.spawned(order, "for good");
        client.end(first.agentId());

        // When
        product.processes().kill("gateway");
        product.restart("gateway");
        Answer afterRestart = client.spawned(order, "for good");
        product.redis().flushAll();
        Answer afterFlush = client.spawned(order, "for good");

        // Then
        assertThat(afterRestart.body()).isEqualTo(first.body());
        assertThat(afterFlush.body()).isEqualTo(first.body());
        assertThat(product.callsOf(task)).hasSize(1);
    }
}
