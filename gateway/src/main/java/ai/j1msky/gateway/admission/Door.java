package ai.j1msky.gateway.admission;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.gateway.address.AddressCheck;
import ai.j1msky.gateway.address.ClientAddress;
import ai.j1msky.gateway.anomaly.KeyWatch;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.apikey.Presented;
import ai.j1msky.gateway.audit.Origins;
import ai.j1msky.gateway.limit.Limiter;
import ai.j1msky.gateway.limit.RequestTokens;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.signing.Signatures;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.pattern.PathPattern;
import reactor.core.publisher.Mono;

/// The one way in: finds the endpoint and lets a request through to it, or not. The order of the checks is the order
/// of the statements in [#identify], [#enter] and [#admit].
public final class Door implements RouterFunction<ServerResponse> {

    /// Where an admitted request's endpoint label is kept, for metrics and the log.
    public static final String LABEL = Door.class.getName();

    private static final String API = "/api/";

    /// On every answer to a key that ends within ten days.
    private static final String ENDS = "X-Key-Expires-At";

    private final List<Endpoint> endpoints;
    private final AddressCheck addresses;
    private final Keyring keyring;
    private final Authentication authentication;
    private final Limiter limiter;
    private final Signatures signatures;
    private final KeyWatch watch;
    private final Clock clock;

    public Door(
            AddressCheck addresses,
            Keyring keyring,
            Limiter limiter,
            Signatures signatures,
            KeyWatch watch,
            Clock clock,
            List<Endpoint> endpoints) {
        this.addresses = addresses;
        this.keyring = keyring;
        this.authentication = new Authentication(keyring::authenticate);
        this.limiter = limiter;
        this.signatures = signatures;
        this.watch = watch;
        this.clock = clock;
        this.endpoints = List.copyOf(endpoints);
    }

    @Override
    public Mono<HandlerFunction<ServerResponse>> route(ServerRequest request) {
        return Mono.just(this::enter);
    }

    private Mono<ServerResponse> enter(ServerRequest request) {
        // Addresses come first: whoever is refused here costs no look at a key and no network.
        addresses.require(request);
        request.attributes().put(Origins.ADDRESS, ClientAddress.of(request));
        RequestTokens tokens = limiter.ofAddress(ClientAddress.of(request).bucket());
        ServerHttpResponse response = request.exchange().getResponse();
        response.beforeCommit(() -> Mono.fromRunnable(() -> tokens.writeTo(response.getHeaders())));
        return Mono.defer(() -> identified(request, tokens))
                .doOnError(ProblemException.class, refusal -> count(tokens, refusal));
    }

    private Mono<ServerResponse> identified(ServerRequest request, RequestTokens tokens) {
        Presented presented = identify(request);
        ApiKey key = presented.key();
        // Known from here on, also to the audit of what is refused below.
        Caller caller = new Caller(key.account(), key.keyId(), key.env().isLive(), tokens);
        request.attributes().put(Caller.ATTRIBUTE, caller);
        presented
                .endingSoon(clock.instant())
                .ifPresent(
                        end ->
                                request.exchange()
                                        .getResponse()
                                        .getHeaders()
                                        .set(ENDS, Answers.time(end)));
        return signatures.check(
                request, presented, tokens, () -> answer(request, presented, tokens));
    }

    private Mono<ServerResponse> answer(
            ServerRequest request, Presented presented, RequestTokens tokens) {
        Endpoint endpoint = admit(request, presented, tokens);
        Mono<ServerResponse> answer =
                Mono.defer(() -> endpoint.handler().handle(request).cast(ServerResponse.class));
        return endpoint.takesTokens() ? answer : limiter.take(tokens).then(answer);
    }

    /// Refused before anything was asked of Redis: the address pays for that, too.
    private void count(RequestTokens tokens, ProblemException refusal) {
        if (!tokens.isTaken() && refusal.problem().status() < 500) {
            limiter.takeLater(tokens);
        }
    }

    private Presented identify(ServerRequest request) {
        String path = request.requestPath().value();
        if (!path.startsWith(API)) {
            throw ProblemException.of(Problem.NOT_FOUND);
        }
        return authentication.identify(request.headers().asHttpHeaders());
    }

    /// Who calls is known and, where there is a signature, it is good.
    private Endpoint admit(ServerRequest request, Presented presented, RequestTokens tokens) {
        keyring.used(presented);
        ApiKey key = presented.key();
        Endpoint endpoint = find(request, request.requestPath().value());
        request.attributes().put(LABEL, endpoint.label());
        if (!key.allows(endpoint.scope())) {
            throw ProblemException.of(
                    Problem.SCOPE_MISSING,
                    "This API key lacks the scope " + endpoint.scope().wireName() + ".");
        }
        int blocked = watch.secondsBlocked(key.keyId());
        if (blocked > 0) {
            throw ProblemException.retryAfter(Problem.KEY_BLOCKED, blocked);
        }
        tokens.from(limiter.ofKey(key.account(), key.keyId(), endpoint.limitName()));
        return endpoint;
    }

    private Endpoint find(ServerRequest request, String path) {
        // Only plain paths name anything: no escapes, parameters or empty segments to be clever
        // with.
        if (path.indexOf('%') >= 0 || path.indexOf(';') >= 0 || path.contains("//")) {
            throw ProblemException.of(Problem.NOT_FOUND);
        }
        PathContainer parsed = request.requestPath().pathWithinApplication();
        for (Endpoint endpoint : endpoints) {
            PathPattern.PathMatchInfo match =
                    endpoint.method().equals(request.method())
                            ? endpoint.path().matchAndExtract(parsed)
                            : null;
            if (match != null) {
                request.attributes()
                        .put(
                                RouterFunctions.URI_TEMPLATE_VARIABLES_ATTRIBUTE,
                                match.getUriVariables());
                return endpoint;
            }
        }
        String allowed =
                endpoints.stream()
                        .filter(endpoint -> endpoint.path().matches(parsed))
                        .map(endpoint -> endpoint.method().name())
                        .collect(Collectors.joining(", "));
        if (allowed.isEmpty()) {
            throw ProblemException.of(Problem.NOT_FOUND);
        }
        throw ProblemException.of(Problem.METHOD_NOT_ALLOWED)
                .withHeader(HttpHeaders.ALLOW, allowed);
    }
}
