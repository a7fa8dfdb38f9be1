package ai.j1msky.gateway.agent;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentResult;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.Attempt;
import ai.j1msky.common.agent.Outcome;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Usage;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.view.AgentView;
import ai.j1msky.gateway.view.TextReader.Texts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An agent as clients see it: the documented fields first and always, ours after them.
final class AgentJson {

    private AgentJson() {}

    /// All that is known of one agent.
    static ObjectNode full(AgentOrder order, AgentView view, Texts texts) {
        AgentState state = view.state();
        AgentResult result = texts.result();
        Outcome outcome = state.outcome();
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        json.put("agent_id", order.agentId().value());
        json.put("model", order.model());
        json.put("status", state.status().wireName());
        json.put("task", texts.task());
        json.put("created", Answers.time(order.created()));
        json.put("started", timeOrNull(state.started()));
        json.put("completed", timeOrNull(outcome == null ? null : outcome.at()));
        json.put("result", result == null ? null : result.text());
        json.put("cost", state.cost().dollars());

        json.put("priority", order.priority().wireName());
        json.put("timeout", order.timeoutSeconds());
        json.put("provider", state.latest().map(Attempt::provider).orElse(null));
        json.put("livemode", order.livemode());
        json.set("usage", usage(outcome == null ? Usage.NONE : outcome.usage()));
        json.set("attempts", attempts(state));
        json.put("node", state.latest().map(a -> a.workerId().node().value()).orElse(null));
        if (state.attempts().isEmpty() && outcome == null) {
            ObjectNode queue = json.putObject("queue");
            queue.put("position", Math.max(view.queueRank(), 0) + 1);
            queue.putNull("blocked_by");
        }
        json.put("summary", result == null ? null : result.summary());
        ArrayNode issues = json.putArray("issues");
        if (result != null) {
            result.issues().forEach(issues::add);
            if (result.truncated()) {
                json.put("truncated", true);
            }
        }
        if (outcome != null && outcome.error() != null) {
            ObjectNode error = json.putObject("error");
            error.put("code", outcome.error().code());
            error.put("message", outcome.error().message());
        }
        return json;
    }

    /// One row of the list of unfinished agents.
    static ObjectNode row(AgentOrder order, AgentView view, Texts texts) {
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        json.put("agent_id", order.agentId().value());
        json.put("model", order.model());
        json.put("status", view.state().status().wireName());
        json.put("task", texts.task());
        json.put("created", Answers.time(order.created()));
        json.put("priority", order.priority().wireName());
        return json;
    }

    private static ObjectNode usage(Usage usage) {
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        json.put("input_tokens", usage.inputTokens());
        json.put("output_tokens", usage.outputTokens());
        return json;
    }

    private static ArrayNode attempts(AgentState state) {
        ArrayNode attempts = WireJson.MAPPER.createArrayNode();
        for (Attempt attempt : state.attempts()) {
            ObjectNode json = attempts.addObject();
            json.put("attempt", attempt.number());
            json.put("model", attempt.model());
            json.put("provider", attempt.provider());
            json.put("node", attempt.workerId().node().value());
            json.put("started", Answers.time(attempt.started()));
            json.put("status", attempt.status().wireName());
            json.put("cost", attempt.cost().dollars());
        }
        return attempts;
    }

    private static @Nullable String timeOrNull(@Nullable Instant instant) {
        return instant == null ? null : Answers.time(instant);
    }
}
