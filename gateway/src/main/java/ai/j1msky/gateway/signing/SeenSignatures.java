package ai.j1msky.gateway.signing;

import ai.j1msky.common.signing.SignedTimestamp;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.view.ViewStore;
import io.lettuce.core.RedisException;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import reactor.core.publisher.Mono;

/// Lets each signature pass once, on whichever gateway: Redis remembers those that were used.
final class SeenSignatures {

    /// What becomes of a signed request while Redis cannot tell whether its signature was used before.
    enum OnOutage {
        ADMIT,
        REFUSE
    }

    // Named choices, to become settings beside the other checks'. Reading twice does no harm, and
    // the
    // signature itself, its time and the key are checked all the same; to change something twice
    // may.
    static final OnOutage READS = OnOutage.ADMIT;
    static final OnOutage CHANGES = OnOutage.REFUSE;

    /// A signature may be dated up to the window ahead and is good for the window after that; one more window is for
    /// gateways whose clocks differ.
    static final Duration REMEMBERED = SignedTimestamp.WINDOW.multipliedBy(3);

    private static final int RETRY_AFTER = 2;

    private final ViewStore store;

    SeenSignatures(ViewStore store) {
        this.store = store;
    }

    /// Ends with a problem when the signature was used before. Call it for genuine signatures only: it remembers them.
    // One command of its own; the script that takes a request's tokens may do the same instead.
    Mono<Void> requireFirst(SignedRequest signed) {
        SetArgs once = SetArgs.Builder.nx().px(REMEMBERED.toMillis());
        return Mono.fromCompletionStage(() -> store.commands().set(signed.nonce(), "1", once))
                .map(remembered -> true)
                .defaultIfEmpty(false)
                .onErrorResume(RedisException.class, away -> decide(signed))
                .flatMap(
                        first ->
                                first
                                        ? Mono.empty()
                                        : Mono.error(
                                                SignedRequest.refused(Problem.SIGNATURE_REPLAYED)));
    }

    private static Mono<Boolean> decide(SignedRequest signed) {
        return switch (signed.changesSomething() ? CHANGES : READS) {
            case ADMIT -> Mono.just(true);
            case REFUSE ->
                    Mono.error(ProblemException.retryAfter(Problem.STORE_UNAVAILABLE, RETRY_AFTER));
        };
    }
}
