package ai.j1msky.gateway;

import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.projection.Projection;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `/healthz`: the process answers. `/readyz`: it has read the keys and caught up with the log, so it may get
/// requests; it stays ready while Kafka or Redis is away, because it still answers as well as can be.
record Probes(Keyring keyring, Projection projection) {

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET("/healthz", request -> answer(200, "ok"))
                .GET(
                        "/readyz",
                        request ->
                                keyring.isReady() && projection.isFollowing()
                                        ? answer(200, "ready")
                                        : answer(503, "starting"))
                .build();
    }

    private static Mono<ServerResponse> answer(int status, String word) {
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"status\":\"" + word + "\"}");
    }
}
