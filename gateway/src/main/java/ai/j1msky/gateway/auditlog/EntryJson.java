package ai.j1msky.gateway.auditlog;

import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.log.WireJson;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An entry as the API reference shows it: its nine keys always, null where there is nothing, and then ours.
public final class EntryJson {

    private static final List<String> DOCUMENTED =
            List.of(
                    "timestamp",
                    "event",
                    "severity",
                    "api_key_id",
                    "ip_address",
                    "user_agent",
                    "request_id",
                    "resource",
                    "details");

    private EntryJson() {}

    public static ObjectNode of(AuditEntry entry) {
        ObjectNode stored = WireJson.MAPPER.valueToTree(entry);
        ObjectNode shown = WireJson.MAPPER.createObjectNode();
        for (String name : DOCUMENTED) {
            JsonNode value = stored.remove(name);
            shown.set(name, value == null ? shown.nullNode() : value);
        }
        for (Map.Entry<String, JsonNode> ours : stored.properties()) {
            shown.set(ours.getKey(), ours.getValue());
        }
        return shown;
    }
}
