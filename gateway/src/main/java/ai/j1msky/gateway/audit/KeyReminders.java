package ai.j1msky.gateway.audit;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.log.WireJson;
import java.util.function.Consumer;

/// Tells the audit which keys end soon.
public final class KeyReminders implements Consumer<ApiKey> {

    private final Audit audit;

    public KeyReminders(Audit audit) {
        this.audit = audit;
    }

    @Override
    public void accept(ApiKey key) {
        audit.record(
                audit.fact(AuditEvent.API_KEY_EXPIRING, key.account())
                        .about("api_key", key.keyId().value())
                        .with(
                                WireJson.MAPPER
                                        .createObjectNode()
                                        .put("expires_at", key.expires().toString())));
    }
}
