package ai.j1msky.common.audit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.log.WireJson;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class AuditEntryTest {

    private static AuditEntry entry() {
        ObjectNode details = WireJson.MAPPER.createObjectNode();
        details.put("estimated_cost", new BigDecimal("0.050000"));
        details.put("text", "a \"quote\", a \u001b[31m colour and ü");
        details.putArray("list").add(3).add(1e-7).add(true).addNull();
        return new AuditEntry(
                        "subagent_1_1234/spawn",
                        Instant.parse("2026-11-23T21:15:04.120Z"),
                        AuditEvent.AGENT_SPAWN,
                        Severity.INFO,
                        new KeyId("key_a"),
                        "192.168.1.100",
                        null,
                        null,
                        new AuditEntry.Resource("agent", "subagent_1_1234"),
                        details,
                        AccountId.MAIN,
                        new ChainId("gateway-1~k3f09a2b.1"),
                        1,
                        null,
                        AuditEntry.NOTHING,
                        "")
                .hashed();
    }

    @Test
    void aHashSurvivesAnyWayOfWritingTheSameEntry() {
        // Given
        AuditEntry written = entry();

        // When
        byte[] json = WireJson.MAPPER.writeValueAsBytes(written);
        AuditEntry read = WireJson.MAPPER.readValue(json, AuditEntry.class);

        // Then
        assertThat(written.matchesItsHash()).isTrue();
        assertThat(read.matchesItsHash()).isTrue();
        assertThat(read.hashed().hash()).isEqualTo(written.hash());
    }

    @Test
    void anyChangedFieldBreaksTheHash() {
        // Given
        ObjectNode json = WireJson.MAPPER.valueToTree(entry());

        // When / Then
        for (String field : List.copyOf(json.propertyNames())) {
            ObjectNode changed = json.deepCopy();
            change(changed, field);
            AuditEntry read = WireJson.MAPPER.treeToValue(changed, AuditEntry.class);
            assertThat(read.matchesItsHash()).as("%s changed", field).isFalse();
        }
        ObjectNode added = json.deepCopy().put("user_agent", "x");
        assertThat(WireJson.MAPPER.treeToValue(added, AuditEntry.class).matchesItsHash()).isFalse();
    }

    private static void change(ObjectNode entry, String field) {
        switch (field) {
            case "timestamp" -> entry.put(field, "2026-11-23T21:15:04.121Z");
            case "event" -> entry.put(field, "agent.fail");
            case "severity" -> entry.put(field, "warning");
            case "api_key_id" -> entry.put(field, "key_b");
            case "account" -> entry.put(field, "other");
            case "chain" -> entry.put(field, "gateway-1~k3f09a2b.2");
            case "sequence" -> entry.put(field, 2);
            case "resource" -> entry.putObject(field).put("type", "agent").put("id", "other");
            case "details" -> entry.withObject("/details").put("estimated_cost", 0.06);
            default -> entry.put(field, entry.path(field).asString() + "0");
        }
    }

    @Test
    void equalDocumentsHaveOneCanonicalForm() {
        // Given
        JsonNode one = WireJson.MAPPER.readTree("{\"b\":[1.50,{}],\"a\":\"x\",\"c\":1000}");
        JsonNode other = WireJson.MAPPER.readTree("{ \"c\":1e3, \"a\":\"\\u0078\",\"b\":[1.5,{}]}");

        // When
        String canonical = CanonicalJson.of(one);

        // Then
        assertThat(canonical).isEqualTo("{\"a\":\"x\",\"b\":[1.5,{}],\"c\":1000}");
        assertThat(CanonicalJson.of(other)).isEqualTo(canonical);
    }
}
