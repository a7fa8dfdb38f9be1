package ai.j1msky.gateway.auditlog;

import ai.j1msky.common.config.AuditUnwritable;
import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Where the operator chose `closed`: refuses changes while the audit log cannot be written. What only ends something
/// goes on, cancelling an agent and revoking a key: to hold those up would do more harm than a missing entry.
public final class AuditGate implements WebFilter {

    private static final int RETRY_AFTER = 5;

    private final Audit audit;
    private final AuditUnwritable choice;

    public AuditGate(Audit audit, AuditUnwritable choice) {
        this.audit = audit;
        this.choice = choice;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        boolean refused =
                choice == AuditUnwritable.CLOSED
                        && !audit.isWritable()
                        && changesMoreThanAnEnd(exchange.getRequest());
        return refused
                ? Mono.error(ProblemException.retryAfter(Problem.AUDIT_UNAVAILABLE, RETRY_AFTER))
                : chain.filter(exchange);
    }

    private static boolean changesMoreThanAnEnd(ServerHttpRequest request) {
        HttpMethod method = request.getMethod();
        String path = request.getPath().value();
        boolean ends =
                method.equals(HttpMethod.DELETE)
                        && (path.startsWith("/api/agent/") || path.startsWith("/api/keys/"));
        return !ends && !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
    }
}
