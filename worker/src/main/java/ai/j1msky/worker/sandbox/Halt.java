package ai.j1msky.worker.sandbox;

import ai.j1msky.worker.model.CallProgress;
import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelFailure;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What ends a call before its answer: a stop from outside, or its timeout.
///
/// A stop wins over a timeout. Waiting parks only the calling (virtual) thread.
final class Halt {

    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final long startedNanos = System.nanoTime();
    private final long timeoutNanos;

    private Halt(Duration timeout) {
        Duration bounded = timeout.compareTo(LONGEST_TIMEOUT) > 0 ? LONGEST_TIMEOUT : timeout;
        this.timeoutNanos = bounded.isNegative() ? 0 : bounded.toNanos();
    }

    static Halt of(ModelCall call, CallProgress progress) {
        Halt halt = new Halt(call.timeout());
        progress.onStop(halt.stopped::countDown);
        return halt;
    }

    /// Throws when the call was stopped or its time is over.
    void check() throws ModelFailure {
        if (stopped.getCount() == 0) {
            throw stoppedFailure();
        }
        if (remainingNanos() <= 0) {
            throw timeoutFailure();
        }
    }

    /// Returns after `time`, or throws as soon as the call is stopped or its time is over.
    void pause(Duration time) throws ModelFailure {
        check();
        boolean endsInTime = time.compareTo(Duration.ofNanos(remainingNanos())) < 0;
        long nanos = endsInTime ? time.toNanos() : remainingNanos();
        try {
            if (stopped.await(nanos, TimeUnit.NANOSECONDS)) {
                throw stoppedFailure();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw stoppedFailure();
        }
        if (!endsInTime) {
            throw timeoutFailure();
        }
    }

    private long remainingNanos() {
        return timeoutNanos - (System.nanoTime() - startedNanos);
    }

    private static ModelFailure stoppedFailure() {
        return new ModelFailure(ModelFailure.Kind.STOPPED, "The call was stopped.");
    }

    private static ModelFailure timeoutFailure() {
        return new ModelFailure(
                ModelFailure.Kind.TIMEOUT,
                "The sandbox did not answer within the agent's timeout.");
    }
}
