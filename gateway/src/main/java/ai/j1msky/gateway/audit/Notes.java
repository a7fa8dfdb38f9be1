package ai.j1msky.gateway.audit;

import ai.j1msky.common.audit.AuditEntry.Resource;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.log.WireJson;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.ServerWebExchange;
import tools.jackson.databind.node.ObjectNode;

/// What an endpoint wants the audit to know about the request at hand. Left before the change is made, so that a
/// client that hangs up does not escape; the entry says how the request ended.
public final class Notes {

    private static final String ATTRIBUTE = Notes.class.getName();

    private Notes() {}

    /// @param id the same fact has the same id; null when it can happen only once
    public record Note(
            AuditEvent event,
            @Nullable String id,
            @Nullable Resource resource,
            ObjectNode details) {}

    /// The configuration is about to be changed.
    ///
    /// @param type what kind of thing, for example `api_key`
    /// @param action what is done to it, for example `created`
    public static void change(ServerRequest request, String type, String id, String action) {
        change(request, type, id, action, WireJson.MAPPER.createObjectNode());
    }

    /// @param details more about it; never a secret
    public static void change(
            ServerRequest request, String type, String id, String action, ObjectNode details) {
        add(
                request,
                new Note(
                        AuditEvent.CONFIG_CHANGE,
                        null,
                        new Resource(type, id),
                        details.put("action", action)));
    }

    public static void add(ServerRequest request, Note note) {
        if (request.exchange()
                        .getAttributes()
                        .computeIfAbsent(ATTRIBUTE, none -> new CopyOnWriteArrayList<Note>())
                instanceof CopyOnWriteArrayList<?> notes) {
            @SuppressWarnings("unchecked")
            List<Note> typed = (List<Note>) notes;
            typed.add(note);
        }
    }

    /// What has been noted about a request so far.
    public static List<Note> of(ServerWebExchange exchange) {
        List<Note> notes = exchange.getAttribute(ATTRIBUTE);
        return notes == null ? List.of() : notes;
    }
}
