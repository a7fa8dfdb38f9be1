package ai.j1msky.gateway.audit;

import ai.j1msky.common.log.WireJson;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A request's or an answer's body as an entry may show it. Only what is known to be harmless is shown: every other
/// text is replaced by its length, every other name by a number, so that a prompt in a mistyped field stays unseen.
public final class MaskedBody {

    /// More is not looked at: bodies come on event loops.
    public static final int LARGEST_READ = 64 * 1024;

    private static final int LARGEST_SHOWN = 2 * 1024;
    private static final int LONGEST_LIST = 20;
    private static final int DEEPEST = 12;

    /// Words the API itself chooses from, ids and times.
    private static final Set<String> SHOWN =
            Set.of(
                    "agent_id",
                    "key_id",
                    "webhook_id",
                    "api_key_id",
                    "request_id",
                    "model",
                    "models",
                    "team",
                    "priority",
                    "status",
                    "env",
                    "scopes",
                    "account",
                    "events",
                    "event",
                    "severity",
                    "log_level",
                    "allowed_ips",
                    "ip",
                    "your_ip",
                    "created",
                    "started",
                    "completed",
                    "expires_at",
                    "last_used",
                    "timestamp",
                    "role",
                    "provider",
                    "node");

    private static final Set<String> NUMBERS =
            Set.of(
                    "timeout",
                    "cost",
                    "estimated_cost",
                    "total_cost_today",
                    "refund",
                    "count",
                    "limit",
                    "code",
                    "retry_after",
                    "retention_days",
                    "duration_hours",
                    "grace_hours",
                    "input_tokens",
                    "output_tokens",
                    "position");

    /// Names that may be seen, with values that may not.
    private static final Set<String> NAMES =
            Set.of(
                    "task",
                    "result",
                    "output",
                    "summary",
                    "issues",
                    "key",
                    "keys",
                    "api_secret",
                    "secret",
                    "name",
                    "url",
                    "reason",
                    "message",
                    "error",
                    "success",
                    "livemode",
                    "enabled",
                    "enforce",
                    "log_violations",
                    "include_request_body",
                    "include_response_body",
                    "require_signature",
                    "notify_user",
                    "prefix",
                    "last_four",
                    "agents",
                    "members",
                    "attempts",
                    "usage",
                    "queue",
                    "privacy",
                    "next_cursor",
                    "entries",
                    "resource",
                    "details",
                    "blocked");

    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_.:/@+-]{1,64}");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private MaskedBody() {}

    /// @param bytes the body, or its beginning when it is larger than [#LARGEST_READ]
    public static JsonNode of(byte[] bytes, long size) {
        if (size > LARGEST_READ) {
            return NODES.stringNode("[omitted, " + size + " bytes]");
        }
        try {
            JsonNode masked = mask(WireJson.MAPPER.readTree(bytes), "", 0);
            return WireJson.MAPPER.writeValueAsBytes(masked).length <= LARGEST_SHOWN
                    ? masked
                    : NODES.stringNode("[omitted, " + size + " bytes]");
        } catch (JacksonException notJson) {
            return NODES.stringNode("[not JSON, " + size + " bytes]");
        }
    }

    static JsonNode mask(JsonNode node, String name, int depth) {
        if (depth > DEEPEST) {
            return NODES.stringNode("[masked]");
        }
        if (node.isObject()) {
            return maskObject(node, depth);
        }
        if (node.isArray()) {
            ArrayNode masked = NODES.arrayNode();
            for (JsonNode item : node) {
                if (masked.size() == LONGEST_LIST) {
                    masked.add("[" + (node.size() - LONGEST_LIST) + " more]");
                    break;
                }
                masked.add(mask(item, name, depth + 1));
            }
            return masked;
        }
        if (node.isBoolean() || node.isNull()) {
            return node;
        }
        if (node.isNumber()) {
            return NUMBERS.contains(name) ? node : NODES.stringNode("[masked number]");
        }
        String text = node.asString("");
        boolean isShown =
                SHOWN.contains(name)
                        && HARMLESS.matcher(text).matches()
                        && !MaskedText.looksLikeASecret(text);
        return isShown ? node : NODES.stringNode(MaskedText.lengthOf(text));
    }

    private static ObjectNode maskObject(JsonNode node, int depth) {
        ObjectNode masked = NODES.objectNode();
        int number = 0;
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            number++;
            if (number > 2 * LONGEST_LIST) {
                masked.put("more", node.size() - 2 * LONGEST_LIST);
                break;
            }
            String name = field.getKey();
            boolean known = SHOWN.contains(name) || NUMBERS.contains(name) || NAMES.contains(name);
            masked.set(known ? name : "field_" + number, mask(field.getValue(), name, depth + 1));
        }
        return masked;
    }
}
