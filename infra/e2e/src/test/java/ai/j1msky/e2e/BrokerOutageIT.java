package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

/// Without the broker nothing is promised, everything can be read, and nobody has to lend a hand afterwards.
@Order(5)
@ExtendWith(RunningProduct.class)
class BrokerOutageIT {

    private static final Duration REFUSAL = Duration.ofSeconds(3);

    /// What 99 of 100 reads may take; on a machine that is busy with other things, twice what they took before.
    private static final Duration READ_P99 = Duration.ofMillis(300);

    private static final Duration RECOVERY = Duration.ofSeconds(30);
    private static final int READS = 200;
    private static final int SPAWNS = 8;

    private final Product product;
    private final Client client;

    BrokerOutageIT(Product product) {
        this.product = product;
        this.client = product.live();
    }

    @Test
    void aFrozenBrokerMeansQuickRefusalsAndReadsAsEverAndConvergesAfterwards() {
        // Given
        List<Scripted> tasks =
                IntStream.range(0, SPAWNS).mapToObj(number -> Scripted.of("tokens=5")).toList();
        List<String> running =
                IntStream.range(0, 3)
                        .mapToObj(n -> client.spawn("k2p5", Scripted.of("delay=90s").task()))
                        .toList();
        running.forEach(client::running);
        String known = client.promised().getFirst();
        Answer before = client.agent(known).succeeded();
        Duration usual = p99(IntStream.range(0, READS).mapToObj(n -> client.agent(known)).toList());

        // When
        product.processes().freeze("kafka");
        List<Answer> spawns;
        List<Answer> cancels;
        List<Answer> reads = new ArrayList<>();
        try (InParallel parallel = new InParallel()) {
            List<CompletableFuture<Answer>> spawning =
                    parallel.start(SPAWNS, number -> spawn(tasks, number));
            List<CompletableFuture<Answer>> cancelling =
                    parallel.start(running.size(), n -> client.cancel(running.get(n)));
            for (int read = 0; read < READS; read++) {
                reads.add(client.agent(known));
            }
            spawns = InParallel.all(spawning);
            cancels = InParallel.all(cancelling);
        }
        product.processes().resume("kafka");
        List<Answer> repeated =
                IntStream.range(0, SPAWNS).mapToObj(number -> onceTaken(tasks, number)).toList();

        // Then
        spawns.forEach(BrokerOutageIT::isRefusedInTime);
        cancels.forEach(BrokerOutageIT::isRefusedInTime);
        assertThat(reads).allSatisfy(r -> assertThat(r.body()).isEqualTo(before.body()));
        Duration twice = usual.multipliedBy(2);
        assertThat(p99(reads)).isLessThan(twice.compareTo(READ_P99) > 0 ? twice : READ_P99);
        for (int number = 0; number < SPAWNS; number++) {
            converged(spawns.get(number), repeated.get(number), tasks.get(number));
        }
        running.forEach(id -> assertThat(cancelled(id)).isEqualTo("cancelled"));
    }

    private static Duration p99(List<Answer> answers) {
        return answers.stream().map(Answer::took).sorted().toList().get(READS * 99 / 100);
    }

    private Answer spawn(List<Scripted> tasks, int number) {
        ObjectNode order = Client.order("k2p5", tasks.get(number).task());
        return client.spawn(order, "outage-" + tasks.get(number).marker());
    }

    private Answer onceTaken(List<Scripted> tasks, int number) {
        return Awaitility.await("a spawn to be taken again")
                .atMost(RECOVERY)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> spawn(tasks, number), answer -> answer.status() == 200);
    }

    private static void isRefusedInTime(Answer answer) {
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(503);
        assertThat(answer.took()).isLessThan(REFUSAL);
        int retryAfter = answer.body().at("/error/retry_after").asInt();
        assertThat(retryAfter).isPositive();
        assertThat(answer.headers().firstValue("Retry-After"))
                .hasValue(Integer.toString(retryAfter));
    }

    private void converged(Answer refused, Answer repeated, Scripted task) {
        String named = refused.body().at("/error/agent_id").asString("");
        assertThat(repeated.agentId()).isEqualTo(named.isEmpty() ? repeated.agentId() : named);
        assertThat(client.end(repeated.agentId()).agentStatus()).isEqualTo("completed");
        assertThat(product.callsOf(task)).hasSize(1);
    }

    /// Cancels what may have been cancelled already, and says how the agent ended.
    private String cancelled(String id) {
        client.cancel(id).succeeded();
        return client.end(id).agentStatus();
    }
}
