package ai.j1msky.gateway.webhook;

import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.webhook.WebhookState;
import ai.j1msky.common.webhook.WebhookState.Disabled;
import ai.j1msky.gateway.audit.Audit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the audit of endpoints that the notifier has disabled, in the gateway that owns the projection. One that has
/// just become the owner also tells of the last minutes, when nobody may have been: an entry that then stands there
/// twice has the same id.
public final class DisabledNotes implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DisabledNotes.class);
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration NEW = Duration.ofMinutes(10);

    private final Webhooks webhooks;
    private final Audit audit;
    private final BooleanSupplier ownership;
    private final Clock clock;
    private final Set<String> settled = new HashSet<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("disabled-notes").daemon().factory());
    private boolean wasOwner;

    /// @param ownership whether this gateway owns the projection
    public DisabledNotes(Webhooks webhooks, Audit audit, BooleanSupplier ownership, Clock clock) {
        this.webhooks = webhooks;
        this.audit = audit;
        this.ownership = ownership;
        this.clock = clock;
    }

    public void start() {
        ScheduledFuture<?> _ =
                thread.scheduleWithFixedDelay(
                        this::round, ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void round() {
        try {
            boolean isOwner = ownership.getAsBoolean();
            Instant young = clock.instant().minus(NEW);
            for (WebhookState state : webhooks.disabled()) {
                Disabled disabled = state.disabled();
                if (disabled != null) {
                    settle(state, disabled, isOwner, young);
                }
            }
            wasOwner = isOwner && webhooks.isReady();
        } catch (RuntimeException failure) {
            // An exception would end all further rounds.
            log.atWarn()
                    .addKeyValue("cause", failure.getClass().getName())
                    .log("disabled webhooks not told of");
        }
    }

    private void settle(WebhookState state, Disabled disabled, boolean isOwner, Instant young) {
        String name = state.webhookId() + "/disabled/" + disabled.enabled();
        boolean isNews = wasOwner || disabled.at().isAfter(young);
        if (!isNews) {
            settled.add(name);
        } else if (isOwner && settled.add(name)) {
            audit.record(
                    audit.fact(AuditEvent.WEBHOOK_DISABLED, state.accountId())
                            .named(name)
                            .about("webhook", state.webhookId().value())
                            .with(
                                    WireJson.MAPPER
                                            .createObjectNode()
                                            .put("reason", disabled.reason())));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
