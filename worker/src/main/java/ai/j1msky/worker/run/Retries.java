package ai.j1msky.worker.run;

import ai.j1msky.worker.model.ModelFailure;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What follows a call that failed: the table of docs/providers.md.
final class Retries {

    /// So many calls an attempt makes at most, at all providers together.
    static final int MOST_CALLS = 4;

    /// A provider that wants to be left alone for longer than this is left to others.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private Retries() {}

    /// What is done next.
    sealed interface Next {

        /// The same provider is called again after a pause.
        record Again(Duration pause) implements Next {}

        /// The next in the chain is called, at another provider.
        record Elsewhere() implements Next {}

        /// The failure is the agent's.
        record Final() implements Next {}
    }

    /// @param callsHere how often this provider was called in a row
    /// @param calls how many calls the attempt has made
    /// @param left of the agent's timeout
    static Next after(
            ModelFailure failure, int callsHere, int calls, Duration left, RandomGenerator random) {
        if (calls >= MOST_CALLS) {
            return new Next.Final();
        }
        return switch (failure.kind()) {
            case PROVIDER_UNAVAILABLE -> again(failure, callsHere, 2, left, random);
            case PROVIDER_UNREACHABLE, PROVIDER_STREAM ->
                    again(failure, callsHere, 1, left, random);
            // Without a time it is a spending limit, which no second call lifts.
            case PROVIDER_RATE_LIMITED ->
                    failure.retryAfter() == null
                            ? new Next.Elsewhere()
                            : again(failure, callsHere, 1, left, random);
            // It has cost its idle limit already, or needs somebody's hand.
            case PROVIDER_IDLE, PROVIDER_UNAUTHORIZED -> new Next.Elsewhere();
            case PROVIDER_REJECTED,
                    MODEL_REFUSED,
                    TIMEOUT,
                    STOPPED,
                    PROVIDER_NOT_CONFIGURED,
                    SANDBOX_FAILED ->
                    new Next.Final();
        };
    }

    private static Next again(
            ModelFailure failure, int callsHere, int most, Duration left, RandomGenerator random) {
        Duration pause = pause(failure.retryAfter(), callsHere, random);
        boolean fits = pause.compareTo(left) < 0 && pause.compareTo(LONGEST_WAIT) <= 0;
        return callsHere <= most && fits ? new Next.Again(pause) : new Next.Elsewhere();
    }

    /// What the provider asks for and up to a fifth more; else 1 s, 2 s, 4 s, by up to a half less or more.
    private static Duration pause(@Nullable Duration asked, int callsHere, RandomGenerator random) {
        long nanos =
                asked != null
                        ? (long) (asked.toNanos() * random.nextDouble(1, 1.2))
                        : (long)
                                ((FIRST_PAUSE.toNanos() << (callsHere - 1))
                                        * random.nextDouble(0.5, 1.5));
        return Duration.ofNanos(nanos);
    }
}
