package ai.j1msky.gateway.audit;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.Outcome;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.log.WireJson;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// Tells the audit of agents that completed or failed. Those cancelled are told with the request that did it.
///
/// @param audit who is told
public record AgentEnds(Audit audit) implements Consumer<AgentState> {

    @Override
    public void accept(AgentState state) {
        AgentOrder order = state.order();
        Outcome outcome = state.outcome();
        if (order == null || outcome == null) {
            return;
        }
        switch (outcome.status()) {
            case COMPLETED -> tell(AuditEvent.AGENT_COMPLETE, "complete", order, outcome);
            case FAILED -> tell(AuditEvent.AGENT_FAIL, "fail", order, outcome);
            case SPAWNING, RUNNING, CANCELLED -> {
                // Not an end, or told with its request.
            }
        }
    }

    private void tell(AuditEvent event, String what, AgentOrder order, Outcome outcome) {
        ObjectNode details = WireJson.MAPPER.createObjectNode();
        details.put("model", order.model());
        details.put("cost", outcome.cost().atMost(order.hold()).dollars());
        details.put("input_tokens", outcome.usage().inputTokens());
        details.put("output_tokens", outcome.usage().outputTokens());
        if (outcome.error() != null) {
            details.put("code", outcome.error().code());
        }
        audit.record(
                audit.fact(event, order.accountId())
                        .named(order.agentId() + "/" + what)
                        .by(order.keyId())
                        .about("agent", order.agentId().value())
                        .with(details));
    }
}
