package ai.j1msky.notifier;

import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.RecordReader;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.seal.UnreadableException;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.DeliveryRecord;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookDelivery;
import ai.j1msky.common.webhook.WebhookId;
import ai.j1msky.common.webhook.WebhookSecret;
import ai.j1msky.common.webhook.WebhookState;
import ai.j1msky.notifier.send.Answer;
import ai.j1msky.notifier.send.EndpointGate;
import ai.j1msky.notifier.send.Envelope;
import ai.j1msky.notifier.send.Sender;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the deliveries whose turn it is, each on a virtual thread, and keeps what came of them until it is taken to the
/// log.
final class Attempts implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Attempts.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(2);

    /// Whoever waits so long may wait for hours.
    private static final Duration LONG = Duration.ofSeconds(1);

    private final DueQueue due;
    private final Map<WebhookId, WebhookState> states;
    private final Set<AgentId> erased;
    private final Parts parts;
    private final Queue<Attempted> done = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();
    private final EntryCodec<DeliveryRecord> codec = new EntryCodec<>(Topics.WEBHOOK_DELIVERIES);
    private final Thread thread = Thread.ofPlatform().name("due").daemon().unstarted(this::run);

    /// What it needs of the rest of the notifier.
    record Parts(
            Endpoints endpoints,
            MasterKey master,
            RecordReader records,
            Sender sender,
            EndpointGate gate,
            Clock clock) {}

    Attempts(Memory memory, Parts parts) {
        this.due = memory.due();
        this.states = memory.states();
        this.erased = memory.erased();
        this.parts = parts;
    }

    void start() {
        thread.start();
    }

    /// Takes what came of attempts since the last time.
    List<Attempted> takeDone() {
        List<Attempted> taken = new ArrayList<>();
        for (Attempted each = done.poll(); each != null; each = done.poll()) {
            taken.add(each);
        }
        return taken;
    }

    boolean isBusy() {
        return running.get() > 0 || !done.isEmpty();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Pending delivery = due.take(PATIENCE);
                if (delivery != null) {
                    begin(delivery);
                }
            }
        } catch (InterruptedException stopped) {
            log.atDebug().log("no more attempts");
        }
    }

    private void begin(Pending delivery) {
        Webhook webhook = parts.endpoints.find(delivery.webhook()).orElse(null);
        if (webhook == null) {
            drop(delivery, "deleted");
            return;
        }
        WebhookState state = states.get(webhook.webhookId());
        if (state != null && state.disables(webhook)) {
            drop(delivery, "disabled");
            return;
        }
        String id = webhook.webhookId().value();
        Optional<EndpointGate.Permit> permit = parts.gate.enter(id);
        if (permit.isEmpty()) {
            Duration wait = parts.gate.wait(id);
            Pending later = delivery.later(parts.clock.instant().plus(wait));
            due.add(List.of(wait.compareTo(LONG) < 0 ? later : later.withoutBody()));
            return;
        }
        running.incrementAndGet();
        Thread.ofVirtual()
                .start(
                        () -> {
                            boolean succeeded = false;
                            try {
                                succeeded = attempt(delivery, webhook);
                            } finally {
                                permit.get().close(succeeded);
                                running.decrementAndGet();
                            }
                        });
    }

    private boolean attempt(Pending delivery, Webhook webhook) {
        long begun = System.nanoTime();
        try {
            String body = open(delivery);
            if (body == null) {
                drop(delivery, "erased");
                return true;
            }
            List<WebhookSecret> secrets =
                    webhook.secrets(parts.master, parts.clock.instant()).stream()
                            .map(WebhookSecret::new)
                            .toList();
            Answer answer =
                    parts.sender.send(
                            new Envelope(
                                    delivery.id().value(),
                                    URI.create(webhook.url()),
                                    secrets,
                                    delivery.sequence(),
                                    body.getBytes(StandardCharsets.UTF_8)));
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            done.add(new Attempted(delivery, answer, null, took, parts.clock.instant()));
            return answer instanceof Answer.Accepted;
        } catch (UnreadableException lost) {
            drop(delivery, "unreadable");
            return true;
        } catch (KafkaException away) {
            due.add(List.of(delivery.later(parts.clock.instant().plus(AGAIN))));
            return true;
        } catch (RuntimeException failure) {
            log.atError()
                    .addKeyValue("deliveryId", delivery.id())
                    .addKeyValue("cause", failure.getClass().getName())
                    .log("delivery not attempted");
            due.add(List.of(delivery.later(parts.clock.instant().plus(AGAIN))));
            return true;
        }
    }

    /// The body, or null when it or its key is no longer there.
    private @Nullable String open(Pending delivery) {
        SealedText sealed = delivery.body();
        if (sealed == null) {
            sealed =
                    parts.records
                            .read(codec, delivery.position())
                            .filter(WebhookDelivery.class::isInstance)
                            .map(found -> ((WebhookDelivery) found).body())
                            .orElse(null);
        }
        if (sealed == null) {
            return null;
        }
        String field = WebhookDelivery.bodyField(delivery.id());
        AgentId agent = delivery.agent();
        if (agent == null) {
            return parts.master.openSecret(sealed.value(), field);
        }
        return delivery.key() == null || erased.contains(agent)
                ? null
                : parts.master.unwrap(delivery.key(), agent).open(agent, field, sealed);
    }

    private void drop(Pending delivery, String why) {
        done.add(new Attempted(delivery, null, why, Duration.ZERO, parts.clock.instant()));
    }
}
