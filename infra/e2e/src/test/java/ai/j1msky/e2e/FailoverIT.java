package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.infra.testkit.model.RecordedCall;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// An agent whose provider gives no answer, as its owner sees it, reads it, and pays for it.
@Order(4)
@ExtendWith(RunningProduct.class)
class FailoverIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    /// Of k2p5, in micro-dollars per million tokens.
    private static final long INPUT = 600_000;

    private static final long OUTPUT = 3_000_000;

    private final Product product;
    private final Client client;

    FailoverIT(Product product) {
        this.product = product;
        this.client = product.newAccount("failover-" + System.nanoTime());
    }

    @Test
    void whatAProviderHasLeftInThisHourIsSharedAndThenWaitedFor() {
        // Given
        List<String> agents =
                Stream.generate(() -> Scripted.of("tokens=5").task())
                        .limit(5)
                        .map(task -> client.spawn("scarce", task))
                        .toList();
        await().atMost(SOON).until(() -> count(agents, "completed") == 3);
        List<String> left =
                agents.stream()
                        .filter(id -> !client.agent(id).agentStatus().equals("completed"))
                        .toList();
        await().atMost(SOON)
                .until(
                        () ->
                                left.stream()
                                        .map(id -> client.agent(id).body().at("/queue/blocked_by"))
                                        .allMatch(by -> by.asString("").equals("provider_budget")));

        // When
        Answer spared = client.end(client.spawn("spared", Scripted.of("tokens=5").task()));
        JsonNode limits = client.get("/rate-limits").body().at("/limits/scarce");
        List<Answer> cancelled = left.stream().map(client::cancel).toList();

        // Then: others in the chain answer, and who waits costs nothing
        assertThat(spared.body().path("provider").asString()).isEqualTo("kimi");
        assertThat(limits.path("used").asInt()).isEqualTo(3);
        assertThat(limits.path("remaining").asInt()).isZero();
        assertThat(cancelled).extracting(Answer::status).containsOnly(200);
        assertThat(left)
                .allSatisfy(
                        id -> assertThat(client.agent(id).body().path("cost").asDouble()).isZero());
    }

    private long count(List<String> agents, String status) {
        return agents.stream().filter(id -> client.agent(id).agentStatus().equals(status)).count();
    }

    @Test
    void theModelThatAnswersIsShownChargedAndOnTheLedger() {
        // Given
        Scripted task = Scripted.of("tokens=40");
        String text = task.task() + " [[anthropic: error-event]]";

        // When
        Answer end = client.end(client.spawn("sonnet", text));

        // Then
        JsonNode agent = end.body();
        assertThat(end.agentStatus()).isEqualTo("completed");
        assertThat(agent.path("model").asString()).isEqualTo("sonnet");
        assertThat(agent.path("provider").asString()).isEqualTo("kimi");
        JsonNode attempts = agent.path("attempts");
        assertThat(attempts.findValuesAsString("model"))
                .containsExactly("sonnet", "sonnet", "k2p5");
        assertThat(attempts.findValuesAsString("status"))
                .containsExactly("failed", "failed", "completed");
        assertThat(attempts.findValuesAsString("error"))
                .containsExactly("provider_stream", "provider_stream");
        assertThat(product.callsOf(task))
                .extracting(RecordedCall::wire)
                .containsExactly("anthropic", "anthropic", "openai");
        long tokens =
                agent.at("/usage/input_tokens").asLong() * INPUT
                        + agent.at("/usage/output_tokens").asLong() * OUTPUT;
        assertThat(end.cost()).isEqualTo((tokens + 500_000) / 1_000_000);
        assertThat(end.cost()).isLessThan(Answer.micros(agent.get("estimated_cost")));
        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            JsonNode usage = client.get("/billing/usage").body();
                            assertThat(Answer.micros(usage.path("by_model").path("k2p5")))
                                    .isEqualTo(end.cost());
                            assertThat(usage.path("by_model")).hasSize(1);
                        });
        JsonNode charged = client.get("/billing/ledger").body().path("entries").path(0);
        for (JsonNode entry : client.get("/billing/ledger").body().path("entries")) {
            charged = entry.path("kind").asString().equals("charged") ? entry : charged;
        }
        assertThat(charged.path("model").asString()).isEqualTo("k2p5");
        assertThat(charged.path("provider").asString()).isEqualTo("kimi");
        assertThat(Answer.micros(charged.at("/price/output_per_mtok"))).isEqualTo(OUTPUT);
    }
}
