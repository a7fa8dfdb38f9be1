package ai.j1msky.notifier.send;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// How many sends may be under way: few for each endpoint, so that one that hangs keeps no more; and some for all. An
/// endpoint that fails again and again is left alone for a while (circuit breaker). Thread-safe.
public final class EndpointGate {

    private static final int OF_ONE = 4;

    /// Hanging endpoints hold a slot for fifteen seconds each time, their breaker then lets one by: so ten of a thousand
    /// hold a handful.
    private static final int OF_ALL = 256;

    private static final int FAILURES = 5;
    private static final Duration LEFT_ALONE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMillis(50);
    private static final int REMEMBERED = 10_000;

    private static final CircuitBreakerConfig BREAKER =
            CircuitBreakerConfig.custom()
                    .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                    .slidingWindowSize(FAILURES)
                    .minimumNumberOfCalls(FAILURES)
                    .failureRateThreshold(100)
                    .waitDurationInOpenState(LEFT_ALONE)
                    .permittedNumberOfCallsInHalfOpenState(1)
                    .build();

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Endpoint> endpoints =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Endpoint> eldest) {
                    return size() > REMEMBERED && eldest.getValue().running == 0;
                }
            };
    private int running;

    private static final class Endpoint {
        private final CircuitBreaker breaker = CircuitBreaker.of("endpoint", BREAKER);
        private int running;
    }

    /// Leave to send once. Closed exactly once.
    public final class Permit {
        private final Endpoint endpoint;
        private final long begun = System.nanoTime();

        private Permit(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        public void close(boolean succeeded) {
            lock.lock();
            try {
                endpoint.running--;
                running--;
                long took = System.nanoTime() - begun;
                if (succeeded) {
                    endpoint.breaker.onSuccess(took, TimeUnit.NANOSECONDS);
                } else {
                    endpoint.breaker.onError(took, TimeUnit.NANOSECONDS, new Failed());
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// What the breaker is told; nobody reads it.
    private static final class Failed extends Exception {
        Failed() {
            super("failed", null, false, false);
        }
    }

    /// @param endpoint its id
    /// @return empty when it may not be sent to now ([#wait])
    public Optional<Permit> enter(String endpoint) {
        lock.lock();
        try {
            Endpoint known = endpoints.computeIfAbsent(endpoint, _ -> new Endpoint());
            if (known.running >= OF_ONE
                    || running >= OF_ALL
                    || !known.breaker.tryAcquirePermission()) {
                return Optional.empty();
            }
            known.running++;
            running++;
            return Optional.of(new Permit(known));
        } finally {
            lock.unlock();
        }
    }

    /// After how long it is worth asking again.
    public Duration wait(String endpoint) {
        lock.lock();
        try {
            Endpoint known = endpoints.get(endpoint);
            boolean isLeftAlone =
                    known != null && known.breaker.getState() != CircuitBreaker.State.CLOSED;
            boolean isFull = known != null && known.running >= OF_ONE;
            return isLeftAlone ? Duration.ofSeconds(1) : isFull ? SOON.multipliedBy(4) : SOON;
        } finally {
            lock.unlock();
        }
    }
}
