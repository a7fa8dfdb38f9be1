package ai.j1msky.gateway.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class LongRunsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final LongRuns<String, Integer> runs =
            new LongRuns<>("test", Problem.AUDIT_VERIFYING, Duration.ofMillis(50), 2);
    private final AtomicInteger begun = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void open() {
        gate.countDown();
    }

    private Integer gated(long deadline) {
        int number = begun.incrementAndGet();
        try {
            assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
        return number;
    }

    @Test
    void whoWaitsTooLongIsToldToComeAgainAndGetsThatResult() {
        // Given
        ProblemException first = refusal(runs.result("a", this::gated));
        ProblemException second = refusal(runs.result("a", this::gated));
        gate.countDown();

        // When
        Integer result = awaitResult("a");

        // Then
        assertThat(first.problem()).isEqualTo(Problem.AUDIT_VERIFYING);
        assertThat(first.retryAfterSeconds()).isPositive();
        assertThat(second.problem()).isEqualTo(Problem.AUDIT_VERIFYING);
        assertThat(result).isEqualTo(1);
    }

    @Test
    void aResultThatWasGivenIsNotGivenAgain() {
        // Given
        gate.countDown();
        Integer first = awaitResult("a");

        // When
        Integer second = awaitResult("a");

        // Then
        assertThat(first).isEqualTo(1);
        assertThat(second).isEqualTo(2);
    }

    @Test
    void onlySoManyRunAtOnce() {
        // Given
        refusal(runs.result("a", this::gated));
        refusal(runs.result("b", this::gated));

        // When
        refusal(runs.result("c", this::gated));
        int atOnce = begun.get();
        gate.countDown();
        awaitResult("c");

        // Then
        assertThat(atOnce).isEqualTo(2);
        assertThat(begun.get()).isEqualTo(3);
    }

    @Test
    void aFailureIsToldAndTheNextRunBeginsAnew() {
        // Given
        Mono<Integer> failing =
                runs.result(
                        "a",
                        deadline -> {
                            throw new IllegalStateException("broken");
                        });
        assertThatIllegalStateException().isThrownBy(failing::block).withMessage("broken");
        gate.countDown();

        // When
        Integer result = awaitResult("a");

        // Then
        assertThat(result).isEqualTo(1);
    }

    private Integer awaitResult(String key) {
        Integer result = Mono.defer(() -> runs.result(key, this::gated)).retry(100).block(SOON);
        assertThat(result).isNotNull();
        return result;
    }

    private static ProblemException refusal(Mono<Integer> result) {
        return result.map(unexpected -> new AssertionError("answered " + unexpected))
                .cast(Throwable.class)
                .onErrorResume(Mono::just)
                .cast(ProblemException.class)
                .blockOptional(SOON)
                .orElseThrow();
    }
}
