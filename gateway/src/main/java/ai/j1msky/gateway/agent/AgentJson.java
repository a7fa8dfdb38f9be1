package ai.j1msky.gateway.agent;

import ai.j1msky.common.agent.AgentResult;
import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.gateway.view.AgentView;
import ai.j1msky.gateway.view.TextReader.Texts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An agent's whole answer: the facts as they lie in its view, and its texts.
public final class AgentJson {

    private AgentJson() {}

    /// The JSON object of one agent.
    public static String full(AgentView view, Texts texts) {
        AgentResult result = texts.result();
        StringBuilder json = opened(view, texts.task());
        field(json, "result", result == null ? null : result.text());
        field(json, "summary", result == null ? null : result.summary());
        json.append(",\"issues\":").append(quoted(result == null ? List.of() : result.issues()));
        if (result != null && result.truncated()) {
            json.append(",\"truncated\":true");
        }
        Instant erased = view.erased();
        if (erased != null) {
            field(json, "erased", erased.toString());
        }
        if (view.status() == AgentStatus.SPAWNING) {
            json.append(",\"queue\":{\"position\":")
                    .append(Math.max(view.queueRank(), 0) + 1)
                    .append(",\"blocked_by\":")
                    .append(view.blockedBy() == null ? "null" : quoted(view.blockedBy()))
                    .append('}');
        }
        return json.append('}').toString();
    }

    /// The JSON object of one row in the list.
    static String row(AgentView view, Texts texts) {
        return opened(view, texts.task()).append('}').toString();
    }

    /// The facts and the task, still open for more fields.
    private static StringBuilder opened(AgentView view, @Nullable String task) {
        String facts = view.members().isEmpty() ? view.facts() : withMembers(view);
        StringBuilder json =
                new StringBuilder(facts.length() + 512).append(facts, 0, facts.length() - 1);
        field(json, "task", task);
        return json;
    }

    /// A team's facts, with its agents as they stand now.
    private static String withMembers(AgentView view) {
        ObjectNode facts = (ObjectNode) WireJson.MAPPER.readTree(view.facts());
        JsonNode members = facts.path("members");
        for (int i = 0; i < Math.min(members.size(), view.members().size()); i++) {
            if (!view.members().get(i).isEmpty()) {
                JsonNode known = WireJson.MAPPER.readTree(view.members().get(i));
                ObjectNode member = (ObjectNode) members.get(i);
                member.set("status", known.path("status"));
                member.put("cost", dollars(known.path("cost")));
                member.set("node", known.path("node"));
            }
        }
        facts.put("cost", dollars(facts.path("cost")));
        facts.put("estimated_cost", dollars(facts.path("estimated_cost")));
        if (facts.has("refund")) {
            facts.put("refund", dollars(facts.path("refund")));
        }
        return WireJson.MAPPER.writeValueAsString(facts);
    }

    /// As it was written: JSON reads fractions as doubles.
    private static BigDecimal dollars(JsonNode amount) {
        return Money.micros(amount.decimalValue(BigDecimal.ZERO).movePointRight(6).longValueExact())
                .dollars();
    }

    private static void field(StringBuilder json, String name, @Nullable String value) {
        json.append(",\"").append(name).append("\":");
        json.append(value == null ? "null" : quoted(value));
    }

    private static String quoted(Object value) {
        return WireJson.MAPPER.writeValueAsString(value);
    }
}
