package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.infra.testkit.model.RecordedCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Cancelling at any moment has one outcome, stops the model call, and gives back what was not used.
@Order(3)
@ExtendWith(RunningProduct.class)
class CancelIT {

    private static final int AGENTS = 40;
    private static final long SEED = 20_261_123;
    private static final Duration STOP = Duration.ofSeconds(2);

    private final Product product;
    private final Client client;

    CancelIT(Product product) {
        this.product = product;
        this.client = product.live();
    }

    /// One agent that was cancelled, as its client lived it.
    ///
    /// @param asked just before the request was sent
    /// @param answered just after its answer came
    private record Case(
            Scripted task,
            Answer spawned,
            Instant asked,
            Answer cancelled,
            Instant answered,
            Answer ended,
            Answer again,
            Answer later) {}

    @Test
    void cancelsAtRandomMomentsEndEachAgentOnceAndStopItsCall() {
        // Given
        Random random = new Random(SEED);
        List<Duration> moments =
                IntStream.range(0, AGENTS)
                        .mapToObj(number -> Duration.ofMillis(random.nextInt(2_500)))
                        .toList();

        // When
        List<Case> cases;
        try (InParallel parallel = new InParallel()) {
            cases =
                    InParallel.all(
                            moments.stream()
                                    .map(
                                            moment -> {
                                                Scripted task =
                                                        Scripted.of(
                                                                "tokens=60 chunks=15 pace=100ms");
                                                Answer spawned =
                                                        client.spawned(
                                                                Client.order("k2p5", task.task()));
                                                return parallel.after(
                                                        moment, () -> cancel(task, spawned));
                                            })
                                    .toList());
        }
        Instant lastAnswer = cases.stream().map(Case::answered).max(Instant::compareTo).get();
        Awaitility.await("2 s after the last cancel")
                .until(() -> Instant.now().isAfter(lastAnswer.plus(STOP).plusMillis(200)));

        // Then
        cases.forEach(this::hasOneOutcome);
        cases.forEach(this::hasNoCallLeft);
        assertThat(cases.stream().filter(this::wasHitInItsCall).count())
                .as("cancels that hit a running model call, of %s (seed %s)", AGENTS, SEED)
                .isGreaterThanOrEqualTo(5);
    }

    private Case cancel(Scripted task, Answer spawned) {
        String id = spawned.succeeded().agentId();
        Instant asked = Instant.now();
        Answer cancelled = Client.patiently(() -> client.cancel(id));
        Instant answered = Instant.now();
        Answer ended = client.end(id);
        Answer again = Client.patiently(() -> client.cancel(id));
        return new Case(task, spawned, asked, cancelled, answered, ended, again, client.end(id));
    }

    private void hasOneOutcome(Case one) {
        assertThat(one.cancelled().status()).isIn(200, 409);
        boolean cancelled = one.cancelled().status() == 200;
        assertThat(one.ended().agentStatus()).isEqualTo(cancelled ? "cancelled" : "completed");
        assertThat(one.later().body()).isEqualTo(one.ended().body());
        assertThat(one.again().status()).isEqualTo(one.cancelled().status());
        if (cancelled) {
            assertThat(one.again().body()).isEqualTo(one.cancelled().body());
            assertThat(one.ended().cost() + Answer.micros(one.cancelled().body().get("refund")))
                    .isEqualTo(Answer.micros(one.spawned().body().get("estimated_cost")));
        }
    }

    private void hasNoCallLeft(Case one) {
        List<RecordedCall> calls = product.callsOf(one.task());
        assertThat(calls).hasSizeLessThanOrEqualTo(1);
        if (one.cancelled().status() != 200) {
            assertThat(calls).hasSize(1);
            return;
        }
        for (RecordedCall call : calls) {
            Instant end = one.answered().plus(STOP);
            assertThat(call.startedAt()).isBefore(end);
            Instant over = call.closedByClient() ? call.closedByClientAt() : call.finishedAt();
            assertThat(over).as("end of the call").isNotNull().isBefore(end);
        }
    }

    private boolean wasHitInItsCall(Case one) {
        return product.callsOf(one.task()).stream()
                .anyMatch(call -> call.closedByClient() && call.startedAt().isBefore(one.asked()));
    }
}
