package ai.j1msky.gateway.signing;

import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.gateway.apikey.Presented;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.request.StrictBody;
import ai.j1msky.gateway.view.ViewStore;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Lets a signed request go on when its signature is good, and an unsigned one when its key does not ask for more.
///
/// The body is read here, whole and before anything acts on the request, whether the endpoint reads it or not.
public final class Signatures {

    private final MasterKey master;
    private final SeenSignatures seen;
    private final Clock clock;

    public Signatures(MasterKey master, ViewStore store, Clock clock) {
        this.master = master;
        this.seen = new SeenSignatures(store);
        this.clock = clock;
    }

    /// @param by the key that the request came with
    /// @param next what is done with a request that may go on
    public Mono<ServerResponse> check(
            ServerRequest request, Presented by, Supplier<Mono<ServerResponse>> next) {
        Optional<SignedRequest> signed = SignedRequest.of(request.exchange().getRequest(), by);
        if (signed.isPresent()) {
            return verified(signed.get(), request).then(Mono.defer(next));
        }
        if (by.key().requireSignature()) {
            throw SignedRequest.refused(Problem.SIGNATURE_MISSING);
        }
        return next.get();
    }

    private Mono<Void> verified(SignedRequest signed, ServerRequest request) {
        signed.requireFresh(clock.instant());
        String apiSecret = signed.by().key().openApiSecret(signed.by().secret(), master);
        return StrictBody.keep(request)
                .doOnNext(body -> signed.requireGenuine(apiSecret, body))
                .then(Mono.defer(() -> seen.requireFirst(signed)));
    }
}
