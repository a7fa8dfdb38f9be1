package ai.j1msky.gateway.request;

import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.util.concurrent.Semaphore;
import reactor.core.publisher.Mono;

/// Bounds the bytes of all large bodies that are being read at once, so that slow senders cannot use the memory up.
/// Nobody waits for room: who finds none is told to come again.
final class BodyRoom {

    private static final int RETRY_AFTER = 1;

    private final Semaphore free;

    BodyRoom(int bytes) {
        this.free = new Semaphore(bytes);
    }

    /// The same, with that much room taken until it ends, however it ends; or a 503.
    <T> Mono<T> hold(int bytes, Mono<T> reading) {
        return Mono.using(() -> take(bytes), taken -> reading, free::release);
    }

    private int take(int bytes) {
        if (!free.tryAcquire(bytes)) {
            throw ProblemException.retryAfter(Problem.BODIES_FULL, RETRY_AFTER);
        }
        return bytes;
    }
}
