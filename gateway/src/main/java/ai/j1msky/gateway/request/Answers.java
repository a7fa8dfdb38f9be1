package ai.j1msky.gateway.request;

import ai.j1msky.common.log.WireJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/// Successful answers: 200, JSON.
public final class Answers {

    private Answers() {}

    public static Mono<ServerResponse> json(ObjectNode body) {
        return json(body, HttpHeaders.EMPTY);
    }

    public static Mono<ServerResponse> json(ObjectNode body, HttpHeaders headers) {
        return Mono.just(new JsonAnswer(WireJson.MAPPER.writeValueAsBytes(body), headers));
    }

    /// @param body a whole JSON document
    public static Mono<ServerResponse> json(String body) {
        return Mono.just(new JsonAnswer(body.getBytes(StandardCharsets.UTF_8), HttpHeaders.EMPTY));
    }

    /// RFC 3339 in UTC with `Z`, in milliseconds at most.
    public static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
