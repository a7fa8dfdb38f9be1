package ai.j1msky.gateway.admission;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.PathContainer;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.pattern.PathPattern;
import reactor.core.publisher.Mono;

/// The one way in: finds the endpoint and lets a request through to it, or not. The order of the checks is the order
/// of the statements in [#admit].
public final class Door implements RouterFunction<ServerResponse> {

    /// Where an admitted request's endpoint label is kept, for metrics and the log.
    public static final String LABEL = Door.class.getName();

    private static final String API = "/api/";

    private final List<Endpoint> endpoints;
    private final Authentication authentication;

    public Door(Keyring keyring, List<Endpoint> endpoints) {
        this.authentication = new Authentication(keyring);
        this.endpoints = List.copyOf(endpoints);
    }

    @Override
    public Mono<HandlerFunction<ServerResponse>> route(ServerRequest request) {
        return Mono.just(this::enter);
    }

    private Mono<ServerResponse> enter(ServerRequest request) {
        return admit(request).handler().handle(request).cast(ServerResponse.class);
    }

    private Endpoint admit(ServerRequest request) {
        String path = request.requestPath().value();
        if (!path.startsWith(API)) {
            throw ProblemException.of(Problem.NOT_FOUND);
        }
        // Addresses: rules by network and the limit per address belong here, before anybody is
        // identified.
        ApiKey key = authentication.identify(request.headers().asHttpHeaders());
        // Known from here on, also to the audit of what is refused below.
        Caller caller = new Caller(key.account(), key.keyId(), key.env().isLive());
        request.attributes().put(Caller.ATTRIBUTE, caller);
        // Signatures belong here: known caller, nothing done yet.
        Endpoint endpoint = find(request, path);
        request.attributes().put(LABEL, endpoint.label());
        if (!key.allows(endpoint.scope())) {
            throw ProblemException.of(
                    Problem.SCOPE_MISSING,
                    "This API key lacks the scope " + endpoint.scope().wireName() + ".");
        }
        // Limits per key and endpoint belong into the script that the endpoint runs anyway.
        return endpoint;
    }

    private Endpoint find(ServerRequest request, String path) {
        // Only plain paths name anything: no escapes, parameters or empty segments to be clever
        // with.
        if (path.indexOf('%') >= 0 || path.indexOf(';') >= 0 || path.contains("//")) {
            throw ProblemException.of(Problem.NOT_FOUND);
        }
        PathContainer parsed = request.requestPath().pathWithinApplication();
        List<Endpoint> here = endpoints.stream().filter(e -> e.path().matches(parsed)).toList();
        for (Endpoint endpoint : here) {
            if (endpoint.method().equals(request.method())) {
                PathPattern.PathMatchInfo match = endpoint.path().matchAndExtract(parsed);
                if (match != null) {
                    request.attributes()
                            .put(
                                    RouterFunctions.URI_TEMPLATE_VARIABLES_ATTRIBUTE,
                                    match.getUriVariables());
                }
                return endpoint;
            }
        }
        if (here.isEmpty()) {
            throw ProblemException.of(Problem.NOT_FOUND);
        }
        String allowed =
                here.stream().map(e -> e.method().name()).collect(Collectors.joining(", "));
        throw ProblemException.of(Problem.METHOD_NOT_ALLOWED)
                .withHeader(HttpHeaders.ALLOW, allowed);
    }
}
