package ai.j1msky.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.Deferral.Reason;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// When a provider is left alone, on a clock that the test moves.
class ProviderGateTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final ProviderGate gate = new ProviderGate("kimi", 2, nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void fail(Kind kind, int times) {
        for (int i = 0; i < times; i++) {
            fail(kind, (Duration) null);
        }
    }

    private void fail(Kind kind, @Nullable Duration retryAfter) {
        assertThat(gate.tryEnter()).isEmpty();
        gate.failed(new ModelFailure(kind, "no", retryAfter, null));
    }

    private @Nullable Reason blockedBy() {
        Reason reason = gate.tryEnter().map(Choice.Blocked::reason).orElse(null);
        if (reason == null) {
            gate.leave();
        }
        return reason;
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "PROVIDER_UNAVAILABLE",
                "PROVIDER_UNREACHABLE",
                "PROVIDER_STREAM",
                "PROVIDER_IDLE"
            })
    void fiveFailuresInARowCloseItForAMinute(Kind kind) {
        // Given
        fail(kind, 4);
        assertThat(blockedBy()).isNull();
        fail(kind, 1);

        // When
        pass(Duration.ofSeconds(59));

        // Then
        assertThat(gate.tryEnter())
                .contains(new Choice.Blocked(Reason.PROVIDER_DOWN, Duration.ofSeconds(1)));
        assertThat(gate.isOpen()).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(gate.isOpen()).isTrue();
        assertThat(blockedBy()).isNull();
    }

    @Test
    void anAnswerBetweenFailuresStartsTheCountAgain() {
        // Given
        fail(Kind.PROVIDER_UNAVAILABLE, 4);
        assertThat(gate.tryEnter()).isEmpty();
        gate.succeeded();

        // When
        fail(Kind.PROVIDER_UNAVAILABLE, 4);

        // Then
        assertThat(blockedBy()).isNull();
    }

    @Test
    void afterTheMinuteOneCallTriesAndDecides() {
        // Given
        fail(Kind.PROVIDER_UNAVAILABLE, 5);
        pass(Duration.ofSeconds(60));

        // When: one tries
        assertThat(gate.tryEnter()).isEmpty();

        // Then: nobody else does, and a place that is left is another's
        assertThat(gate.tryEnter().map(Choice.Blocked::reason)).contains(Reason.PROVIDER_DOWN);
        gate.leave();
        fail(Kind.PROVIDER_UNAVAILABLE, 1);
        assertThat(blockedBy()).isEqualTo(Reason.PROVIDER_DOWN);
        pass(Duration.ofSeconds(60));
        assertThat(gate.tryEnter()).isEmpty();
        gate.succeeded();
        assertThat(gate.tryEnter()).isEmpty();
        assertThat(gate.tryEnter()).isEmpty();
    }

    @Test
    void aRefusedKeyClosesItAtOnce() {
        fail(Kind.PROVIDER_UNAUTHORIZED, 1);

        assertThat(blockedBy()).isEqualTo(Reason.PROVIDER_DOWN);
        pass(Duration.ofSeconds(60));
        assertThat(blockedBy()).isNull();
    }

    @Test
    void itIsLeftAloneForAsLongAsItAsks() {
        fail(Kind.PROVIDER_RATE_LIMITED, Duration.ofSeconds(7));

        assertThat(gate.tryEnter())
                .contains(new Choice.Blocked(Reason.PROVIDER_RATE_LIMITED, Duration.ofSeconds(7)));
        pass(Duration.ofSeconds(7));
        assertThat(blockedBy()).isNull();
    }

    @Test
    void anAbsurdTimeIsBounded() {
        fail(Kind.PROVIDER_RATE_LIMITED, Duration.ofDays(1));

        pass(Duration.ofHours(1));

        assertThat(blockedBy()).isNull();
    }

    @Test
    void aSpendingLimitWithoutATimeIsTriedAgainAfterAMinute() {
        fail(Kind.PROVIDER_RATE_LIMITED, 1);

        assertThat(blockedBy()).isEqualTo(Reason.PROVIDER_RATE_LIMITED);
        pass(Duration.ofSeconds(60));
        assertThat(blockedBy()).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"PROVIDER_REJECTED", "MODEL_REFUSED", "TIMEOUT", "STOPPED"})
    void whatIsNotItsFaultDoesNotCloseIt(Kind kind) {
        fail(kind, 20);

        assertThat(blockedBy()).isNull();
    }

    @Test
    void itHasSoManyCallsAtOnceAndNoMore() {
        // When
        assertThat(gate.tryEnter()).isEmpty();
        assertThat(gate.tryEnter()).isEmpty();

        // Then
        assertThat(blockedBy()).isEqualTo(Reason.PROVIDER_BUSY);
        gate.succeeded();
        assertThat(blockedBy()).isNull();
    }
}
