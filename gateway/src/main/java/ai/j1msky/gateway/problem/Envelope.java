package ai.j1msky.gateway.problem;

import ai.j1msky.common.log.WireJson;
import tools.jackson.databind.node.ObjectNode;

/// The error body of the API reference:
/// `{"error":{"code","message"[,"your_ip"][,"retry_after"][,"agent_id"],"request_id"}}`.
public final class Envelope {

    private Envelope() {}

    public static byte[] of(ProblemException problem, String requestId) {
        ObjectNode error = WireJson.MAPPER.createObjectNode();
        error.put("code", problem.problem().status());
        error.put("message", problem.sentence());
        if (problem.address() != null) {
            error.put("your_ip", problem.address().toString());
        }
        if (problem.retryAfterSeconds() > 0) {
            error.put("retry_after", problem.retryAfterSeconds());
        }
        if (problem.agentId() != null) {
            error.put("agent_id", problem.agentId().value());
        }
        error.put("request_id", requestId);
        ObjectNode envelope = WireJson.MAPPER.createObjectNode();
        envelope.set("error", error);
        return WireJson.MAPPER.writeValueAsBytes(envelope);
    }
}
