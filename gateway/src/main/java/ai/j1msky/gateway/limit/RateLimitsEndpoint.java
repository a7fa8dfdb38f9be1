package ai.j1msky.gateway.limit;

import ai.j1msky.common.log.WireJson;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Query;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/// `GET /api/rate-limits`: what is left of the providers' budgets, which all keys share.
public final class RateLimitsEndpoint {

    private final Limiter limiter;

    public RateLimitsEndpoint(Limiter limiter) {
        this.limiter = limiter;
    }

    public Mono<ServerResponse> get(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        return limiter.budgets().flatMap(budgets -> Answers.json(shown(budgets)));
    }

    private static ObjectNode shown(List<Limiter.Budget> budgets) {
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ObjectNode limits = answer.putObject("limits");
        for (Limiter.Budget budget : budgets) {
            ObjectNode shown = limits.putObject(budget.provider());
            shown.put("used", budget.limit() - budget.left());
            shown.put("limit", budget.limit());
            shown.put("remaining", budget.left());
            shown.put("reset_at", seconds(budget.reset()).toString());
        }
        return answer;
    }

    /// Rounded up: at the time shown, what was promised has happened.
    private static Instant seconds(Instant exact) {
        return exact.plusMillis(999).truncatedTo(ChronoUnit.SECONDS);
    }
}
