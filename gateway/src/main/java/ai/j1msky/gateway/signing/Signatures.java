package ai.j1msky.gateway.signing;

import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.signing.SignedTimestamp;
import ai.j1msky.gateway.apikey.Presented;
import ai.j1msky.gateway.limit.RequestTokens;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.request.StrictBody;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Lets a signed request go on when its signature is good, and an unsigned one when its key does not ask for more.
///
/// The body is read here, whole and before anything acts on the request, whether the endpoint reads it or not.
public final class Signatures {

    /// A signature may be dated up to the window ahead and is good for the window after that; one more window is for
    /// gateways whose clocks differ.
    private static final Duration REMEMBERED = SignedTimestamp.WINDOW.multipliedBy(3);

    private final MasterKey master;
    private final Clock clock;

    public Signatures(MasterKey master, Clock clock) {
        this.master = master;
        this.clock = clock;
    }

    /// @param by the key that the request came with
    /// @param tokens that are told of the signature: who takes them lets it pass once
    /// @param next what is done with a request that may go on
    public Mono<ServerResponse> check(
            ServerRequest request,
            Presented by,
            RequestTokens tokens,
            Supplier<Mono<ServerResponse>> next) {
        Optional<SignedRequest> signed = SignedRequest.of(request.exchange().getRequest(), by);
        if (signed.isPresent()) {
            return verified(signed.get(), request, tokens).then(Mono.defer(next));
        }
        if (by.key().requireSignature()) {
            throw SignedRequest.refused(Problem.SIGNATURE_MISSING);
        }
        return next.get();
    }

    private Mono<Void> verified(SignedRequest signed, ServerRequest request, RequestTokens tokens) {
        signed.requireFresh(clock.instant());
        String apiSecret = signed.by().key().openApiSecret(signed.by().secret(), master);
        return StrictBody.keep(request)
                .doOnNext(
                        body -> {
                            signed.requireGenuine(apiSecret, body);
                            tokens.sign(signed.nonce(), REMEMBERED, signed.changesSomething());
                        })
                .then();
    }
}
