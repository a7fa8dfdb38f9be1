package ai.j1msky.gateway.auditlog;

import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.audit.AuditPolicy;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.anomaly.KeyWatch;
import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.audit.MaskedBody;
import ai.j1msky.gateway.audit.Notes;
import ai.j1msky.gateway.audit.Notes.Note;
import ai.j1msky.gateway.audit.Origins;
import ai.j1msky.gateway.audit.chain.AuditFact;
import ai.j1msky.gateway.audit.chain.Origin;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.request.RequestFilter;
import ai.j1msky.gateway.request.StrictBody;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/// Outermost: sees how each request ended, and tells the audit whose key it used, what it changed and what it was
/// refused, and the watch of keys about it.
public final class AuditFilter implements WebFilter {

    private static final String API = "/api/";

    private final Audit audit;
    private final KeyWatch watch;
    private final String labelAttribute;

    /// @param labelAttribute the exchange attribute that names the endpoint
    public AuditFilter(Audit audit, KeyWatch watch, String labelAttribute) {
        this.audit = audit;
        this.watch = watch;
        this.labelAttribute = labelAttribute;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!exchange.getRequest().getPath().value().startsWith(API)) {
            return chain.filter(exchange);
        }
        AuditPolicy policy = audit.policy();
        boolean copiesBodies = policy.takes(AuditEvent.API_KEY_USED);
        if (copiesBodies && policy.includeRequestBody()) {
            StrictBody.remember(exchange);
        }
        BodyCopy copy =
                copiesBodies && policy.includeResponseBody()
                        ? new BodyCopy(exchange.getResponse())
                        : null;
        ServerWebExchange watched =
                copy == null ? exchange : exchange.mutate().response(copy).build();
        return chain.filter(watched).doFinally(signal -> finished(watched, copy));
    }

    private void finished(ServerWebExchange exchange, @Nullable BodyCopy copy) {
        HttpStatusCode code = exchange.getResponse().getStatusCode();
        // Without one the client left before it was answered.
        int status = code == null ? 0 : code.value();
        Caller caller = Caller.find(exchange).orElse(null);
        AccountId account = caller == null ? AccountId.MAIN : caller.account();
        KeyId key = caller == null ? null : caller.key();
        String kind = violationOf(status, exchange.getAttribute(RequestFilter.PROBLEM));
        if (caller != null) {
            watch.request(account, caller.key(), Origins.network(exchange), status);
        }
        List<Note> notes = Notes.of(exchange);
        boolean tellsUse = key != null && audit.tellsUse(key, Origins.address(exchange));
        if (kind == null && !tellsUse && notes.isEmpty()) {
            return;
        }
        Origin origin = Origins.of(exchange);
        if (kind != null) {
            audit.violation(
                    kind,
                    account,
                    key,
                    origin,
                    WireJson.MAPPER.createObjectNode().put("status", status));
        }
        if (caller != null && tellsUse) {
            use(exchange, copy, caller, origin, status);
        }
        for (Note note : notes) {
            ObjectNode details = note.details().deepCopy().put("status", status);
            AuditFact fact = audit.fact(note.event(), account).by(key).from(origin).with(details);
            AuditFact named = note.id() == null ? fact : fact.named(note.id());
            audit.record(
                    note.resource() == null
                            ? named
                            : named.about(note.resource().type(), note.resource().id()));
        }
    }

    private void use(
            ServerWebExchange exchange,
            @Nullable BodyCopy copy,
            Caller caller,
            Origin origin,
            int status) {
        ObjectNode details = WireJson.MAPPER.createObjectNode();
        details.put("endpoint", exchange.getAttributeOrDefault(labelAttribute, "other"));
        details.put("status", status);
        byte[] request = StrictBody.remembered(exchange);
        if (request != null) {
            details.set("request_body", MaskedBody.of(request, request.length));
        }
        if (copy != null && copy.size() > 0) {
            details.set("response_body", MaskedBody.of(copy.bytes(), copy.size()));
        }
        audit.record(
                audit.fact(AuditEvent.API_KEY_USED, caller.account())
                        .by(caller.key())
                        .from(origin)
                        .about("api_key", caller.key().value())
                        .with(details));
    }

    private static @Nullable String violationOf(int status, @Nullable Problem problem) {
        return switch (status) {
            case 401 -> "unauthorized";
            case 403 -> "forbidden";
            case 429 -> limitOf(problem);
            default -> null;
        };
    }

    private static String limitOf(@Nullable Problem problem) {
        if (problem == Problem.COST_LIMITED) {
            return "cost_limited";
        }
        return problem != null && problem.isOfBudget() ? "budget_limited" : "limited";
    }
}
