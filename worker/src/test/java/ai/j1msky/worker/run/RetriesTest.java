package ai.j1msky.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import ai.j1msky.worker.run.Retries.Next;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetriesTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private static Next after(Kind kind, @Nullable Duration retryAfter, int here, Duration left) {
        return Retries.after(
                new ModelFailure(kind, "no", retryAfter, null), here, here, left, new Random(7));
    }

    @ParameterizedTest
    @CsvSource({
        "PROVIDER_UNAVAILABLE, 1, Again",
        "PROVIDER_UNAVAILABLE, 2, Again",
        "PROVIDER_UNAVAILABLE, 3, Elsewhere",
        "PROVIDER_UNREACHABLE, 1, Again",
        "PROVIDER_UNREACHABLE, 2, Elsewhere",
        "PROVIDER_STREAM, 1, Again",
        "PROVIDER_STREAM, 2, Elsewhere",
        "PROVIDER_IDLE, 1, Elsewhere",
        "PROVIDER_UNAUTHORIZED, 1, Elsewhere",
        "PROVIDER_RATE_LIMITED, 1, Elsewhere",
        "PROVIDER_REJECTED, 1, Final",
        "MODEL_REFUSED, 1, Final",
        "TIMEOUT, 1, Final",
        "STOPPED, 1, Final",
        "SANDBOX_FAILED, 1, Final",
        "PROVIDER_NOT_CONFIGURED, 1, Final"
    })
    void theTable(Kind kind, int callsHere, String expected) {
        assertThat(after(kind, null, callsHere, LONG).getClass().getSimpleName())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void fourCallsAreEnough(Kind kind) {
        ModelFailure failure = new ModelFailure(kind, "no", Duration.ofSeconds(1), null);

        assertThat(Retries.after(failure, 1, 4, LONG, new Random(7))).isEqualTo(new Next.Final());
    }

    @Test
    void aTimeThatTheProviderNamesIsKept() {
        Next next = after(Kind.PROVIDER_RATE_LIMITED, Duration.ofSeconds(10), 1, LONG);

        assertThat(next).isInstanceOf(Next.Again.class);
        assertThat(((Next.Again) next).pause())
                .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(12));
    }

    @Test
    void aLongerTimeIsLeftToOthers() {
        assertThat(after(Kind.PROVIDER_RATE_LIMITED, Duration.ofSeconds(31), 1, LONG))
                .isEqualTo(new Next.Elsewhere());
    }

    @Test
    void noPauseOutlivesTheAgent() {
        assertThat(after(Kind.PROVIDER_UNAVAILABLE, null, 2, Duration.ofSeconds(1)))
                .isEqualTo(new Next.Elsewhere());
    }

    @Test
    void pausesGrowAndDiffer() {
        // Given
        Random random = new Random(7);
        ModelFailure failure = new ModelFailure(Kind.PROVIDER_UNAVAILABLE, "no");

        for (int call = 1; call <= 2; call++) {
            // When
            Duration one = ((Next.Again) Retries.after(failure, call, call, LONG, random)).pause();
            Duration other =
                    ((Next.Again) Retries.after(failure, call, call, LONG, random)).pause();

            // Then
            Duration base = Duration.ofSeconds(call);
            assertThat(one).isBetween(base.dividedBy(2), base.multipliedBy(3).dividedBy(2));
            assertThat(other).isNotEqualTo(one);
        }
    }
}
