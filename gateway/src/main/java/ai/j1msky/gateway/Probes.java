package ai.j1msky.gateway;

import static org.springframework.web.reactive.function.server.RequestPredicates.path;

import ai.j1msky.common.registry.Budgets;
import ai.j1msky.gateway.address.AddressRules;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.projection.Projection;
import ai.j1msky.gateway.request.Answers;
import java.util.function.BooleanSupplier;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `/healthz`: the process answers. `/readyz`: it has read the rules, keys and budgets and caught up with the log, so it may get
/// requests; it stays ready while Kafka or Redis is away, because it still answers as well as can be.
///
/// @param ready whether it has
record Probes(BooleanSupplier ready) {

    private static final int RETRY_AFTER = 1;

    Probes(AddressRules addresses, Keyring keyring, Budgets budgets, Projection projection) {
        this(
                () ->
                        addresses.isReady()
                                && keyring.isReady()
                                && budgets.isReady()
                                && projection.isFollowing());
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET("/healthz", request -> Answers.json("{\"status\":\"ok\"}"))
                .GET("/readyz", request -> readiness())
                .route(path("/healthz").or(path("/readyz")), request -> Mono.error(notThatMethod()))
                .build();
    }

    private Mono<ServerResponse> readiness() {
        return ready.getAsBoolean()
                ? Answers.json("{\"status\":\"ready\"}")
                : Mono.error(ProblemException.retryAfter(Problem.STARTING, RETRY_AFTER));
    }

    private static ProblemException notThatMethod() {
        return ProblemException.of(Problem.METHOD_NOT_ALLOWED).withHeader(HttpHeaders.ALLOW, "GET");
    }
}
