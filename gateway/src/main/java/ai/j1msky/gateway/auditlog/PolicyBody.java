package ai.j1msky.gateway.auditlog;

import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.audit.AuditLevel;
import ai.j1msky.common.audit.AuditPolicy;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.gateway.request.Fields;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The audit configuration as the API reference writes it. What is left out has its standard value.
final class PolicyBody {

    private PolicyBody() {}

    static AuditPolicy read(Fields fields) {
        AuditPolicy standard = AuditPolicy.STANDARD;
        boolean enabled = fields.flag("enabled", standard.enabled());
        String level =
                fields.oneOf(
                        "log_level",
                        Arrays.stream(AuditLevel.values()).map(AuditLevel::wireName).toList(),
                        standard.logLevel().wireName());
        int days =
                fields.whole(
                        "retention_days",
                        1,
                        AuditPolicy.LONGEST_RETENTION_DAYS,
                        standard.retentionDays());
        boolean requestBody = fields.flag("include_request_body", false);
        boolean responseBody = fields.flag("include_response_body", false);
        List<String> all = AuditEvent.optional().stream().map(AuditEvent::wireName).toList();
        List<String> events = fields.has("events") ? fields.someOf("events", all) : all;
        fields.nothingElse();
        return new AuditPolicy(
                enabled,
                AuditLevel.valueOf(level.toUpperCase(Locale.ROOT)),
                days,
                requestBody,
                responseBody,
                events.stream()
                        .map(e -> AuditEvent.find(e).orElseThrow())
                        .collect(Collectors.toSet()),
                standard.cutBefore(),
                standard.seal(),
                standard.at());
    }

    static ObjectNode write(AuditPolicy policy) {
        ObjectNode body = WireJson.MAPPER.createObjectNode();
        body.put("enabled", policy.enabled());
        body.put("log_level", policy.logLevel().wireName());
        body.put("retention_days", policy.retentionDays());
        body.put("include_request_body", policy.includeRequestBody());
        body.put("include_response_body", policy.includeResponseBody());
        ArrayNode events = body.putArray("events");
        policy.events().stream().map(AuditEvent::wireName).forEach(events::add);
        return body;
    }
}
