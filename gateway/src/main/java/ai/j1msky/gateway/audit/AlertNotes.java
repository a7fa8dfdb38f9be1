package ai.j1msky.gateway.audit;

import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.log.WireJson;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// Tells the audit of alerts about money.
///
/// @param audit who is told
public record AlertNotes(Audit audit) implements Consumer<BillingAlert> {

    @Override
    public void accept(BillingAlert alert) {
        ObjectNode details = WireJson.MAPPER.createObjectNode();
        details.put("kind", alert.kind().wireName());
        details.put("subject", alert.subject());
        details.put("limit", alert.limit().dollars());
        details.put("amount", alert.amount().dollars());
        audit.record(
                audit.fact(AuditEvent.BILLING_ALERT, alert.accountId())
                        .named("alert/" + alert.logKey())
                        .about("budget", alert.holder())
                        .with(details));
    }
}
