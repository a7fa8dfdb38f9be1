package ai.j1msky.worker.provider;

import ai.j1msky.common.agent.Deferral;
import ai.j1msky.worker.model.ModelFailure;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether this worker may call one provider now. A provider that failed five times in a row is left alone for a minute,
/// then one call tries it; one that asked to be left alone is; and it never has more than so many calls at once, so that
/// a provider that hangs does not hold every slot. Thread-safe.
final class ProviderGate {

    private static final Logger log = LoggerFactory.getLogger(ProviderGate.class);
    private static final int FAILURES = 5;
    private static final Duration OPEN = Duration.ofSeconds(60);

    /// Where a limit is spent and nobody says until when.
    private static final Duration UNSAID = Duration.ofSeconds(60);

    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration BUSY = Duration.ofSeconds(1);

    /// From this share of the hour's calls on it is warned.
    private static final double NEARLY_SPENT = 0.7;

    private final String provider;
    private final Semaphore places;
    private final CircuitBreaker breaker;
    private final LongSupplier nanos;
    private volatile long openedAt;
    private volatile long pausedUntil;
    private volatile double spent;

    /// @param most calls at once
    /// @param nanos the time, as [System#nanoTime] tells it
    ProviderGate(String provider, int most, LongSupplier nanos) {
        this.provider = provider;
        this.places = new Semaphore(most);
        this.nanos = nanos;
        this.pausedUntil = nanos.getAsLong();
        this.openedAt = nanos.getAsLong();
        this.breaker =
                CircuitBreaker.of(
                        provider,
                        CircuitBreakerConfig.custom()
                                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                                .slidingWindowSize(FAILURES)
                                .minimumNumberOfCalls(FAILURES)
                                .failureRateThreshold(100)
                                .permittedNumberOfCallsInHalfOpenState(1)
                                // When it may be tried again is decided here, by a clock that
                                // nobody sets.
                                .waitDurationInOpenState(Duration.ofDays(365))
                                .build());
        breaker.getEventPublisher()
                .onStateTransition(change -> changed(change.getStateTransition().getToState()));
    }

    /// Takes a place for one call, or says why there is none.
    Optional<Choice.Blocked> tryEnter() {
        long now = nanos.getAsLong();
        if (now - pausedUntil < 0) {
            return blocked(Deferral.Reason.PROVIDER_RATE_LIMITED, pausedUntil - now);
        }
        if (breaker.getState() == CircuitBreaker.State.OPEN && now - openedAt >= OPEN.toNanos()) {
            breaker.transitionToHalfOpenState();
        }
        if (!breaker.tryAcquirePermission()) {
            long left = OPEN.toNanos() - (now - openedAt);
            return blocked(Deferral.Reason.PROVIDER_DOWN, Math.max(left, BUSY.toNanos()));
        }
        if (!places.tryAcquire()) {
            breaker.releasePermission();
            return blocked(Deferral.Reason.PROVIDER_BUSY, BUSY.toNanos());
        }
        return Optional.empty();
    }

    private static Optional<Choice.Blocked> blocked(Deferral.Reason reason, long nanos) {
        return Optional.of(new Choice.Blocked(reason, Duration.ofNanos(nanos)));
    }

    void leave() {
        places.release();
        breaker.releasePermission();
    }

    void succeeded() {
        places.release();
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    void failed(ModelFailure failure) {
        places.release();
        switch (failure.kind()) {
            case PROVIDER_UNAVAILABLE, PROVIDER_UNREACHABLE, PROVIDER_STREAM, PROVIDER_IDLE -> {
                breaker.onError(0, TimeUnit.NANOSECONDS, failure);
                if (failure.retryAfter() != null) {
                    pause(failure.retryAfter());
                }
            }
            case PROVIDER_UNAUTHORIZED -> {
                log.atError()
                        .addKeyValue("provider", provider)
                        .log("provider refuses our key or account");
                breaker.onError(0, TimeUnit.NANOSECONDS, failure);
                if (breaker.getState() == CircuitBreaker.State.CLOSED) {
                    breaker.transitionToOpenState();
                }
            }
            case PROVIDER_RATE_LIMITED -> {
                breaker.releasePermission();
                pause(failure.retryAfter() == null ? UNSAID : failure.retryAfter());
            }
            // Somebody answered.
            case PROVIDER_REJECTED, MODEL_REFUSED -> breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            case TIMEOUT, STOPPED, PROVIDER_NOT_CONFIGURED, SANDBOX_FAILED ->
                    breaker.releasePermission();
        }
    }

    private void pause(Duration asked) {
        Duration pause = asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
        long until = nanos.getAsLong() + pause.toNanos();
        if (until - pausedUntil > 0) {
            pausedUntil = until;
        }
    }

    private void changed(CircuitBreaker.State state) {
        if (state == CircuitBreaker.State.OPEN) {
            openedAt = nanos.getAsLong();
        }
        log.atWarn()
                .addKeyValue("provider", provider)
                .addKeyValue("state", state)
                .log("circuit breaker changed");
    }

    /// Takes note of how the hour's calls stand.
    void budget(int limit, long left) {
        double now = 1 - (double) left / limit;
        if (now >= NEARLY_SPENT && spent < NEARLY_SPENT) {
            log.atWarn()
                    .addKeyValue("provider", provider)
                    .addKeyValue("limit", limit)
                    .addKeyValue("left", left)
                    .log("provider's calls of this hour are nearly spent");
        }
        spent = now;
    }

    /// The share of the hour's calls that was taken when the last one was, from 0 to 1.
    double spent() {
        return spent;
    }

    /// Whether a call could be made, were there a place.
    boolean isOpen() {
        return nanos.getAsLong() - pausedUntil >= 0
                && (breaker.getState() != CircuitBreaker.State.OPEN
                        || nanos.getAsLong() - openedAt >= OPEN.toNanos());
    }
}
