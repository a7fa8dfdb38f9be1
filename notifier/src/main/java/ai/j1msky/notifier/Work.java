package ai.j1msky.notifier;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.CommitNote;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.webhook.DeliveryAttempt;
import ai.j1msky.common.webhook.DeliveryId;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookDelivery;
import ai.j1msky.common.webhook.WebhookEvent;
import ai.j1msky.common.webhook.WebhookRequest;
import ai.j1msky.common.webhook.WebhookState;
import ai.j1msky.notifier.send.NextStep;
import ai.j1msky.notifier.send.Schedule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the notifier that works has read and heard, and not committed yet: the deliveries that follow from records, and
/// what came of attempts. Both go to the log in one transaction with how far the log was read, so each thing that happens
/// makes one delivery for each endpoint, whatever dies. For its thread alone.
final class Work {

    private static final Logger log = LoggerFactory.getLogger(Work.class);

    /// Progress without a delivery is committed this often.
    private static final Duration IDLE_COMMIT = Duration.ofSeconds(1);

    /// Keys are looked through this often.
    private static final Duration REMINDERS = Duration.ofSeconds(5);

    private final Parts parts;
    private final Consumer<byte[], byte[]> consumer;
    private final Memory memory;
    private final List<TopicPartition> partitions;

    private final Batch batch = new Batch();
    private boolean progress;
    private long committedAt = System.nanoTime();
    private long remindAt = System.nanoTime();

    /// What it needs of the rest of the notifier.
    ///
    /// @param sources how the topics are read, by their names
    record Parts(
            Map<String, EntryCodec<? extends LogEntry>> sources,
            Endpoints endpoints,
            Keys keys,
            Payloads payloads,
            MasterKey master,
            Resends resends,
            NotifierMetrics metrics,
            Clock clock,
            RandomGenerator random) {}

    /// How its body is sealed.
    private interface Sealing {
        SealedText of(DeliveryId delivery);
    }

    Work(
            Parts parts,
            Consumer<byte[], byte[]> consumer,
            Memory memory,
            List<TopicPartition> partitions) {
        this.parts = parts;
        this.consumer = consumer;
        this.memory = memory;
        this.partitions = partitions;
    }

    void read(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            progress = true;
            EntryCodec<? extends LogEntry> codec = parts.sources.get(record.topic());
            if (codec == null) {
                continue;
            }
            switch (codec.read(record)) {
                case ReadResult.Entry<? extends LogEntry> entry -> readOrSkip(entry.body(), record);
                case ReadResult.Tombstone<? extends LogEntry>(String key) -> erase(key);
                case ReadResult.Poison<? extends LogEntry> _ -> {
                    // The projection puts it among the dead letters.
                }
            }
        }
    }

    /// An agent's texts were deleted: what was to be told of it is not told any more.
    private void erase(String key) {
        if (AgentId.isValid(key)) {
            AgentId agent = new AgentId(key);
            memory.erased().add(agent);
            memory.lives().erase(agent);
        }
    }

    /// One record must never stop all others for good.
    private void readOrSkip(LogEntry body, ConsumerRecord<byte[], byte[]> record) {
        try {
            read(body, record);
        } catch (KafkaException away) {
            throw away;
        } catch (RuntimeException failure) {
            parts.metrics.unreadable();
            log.atError()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("cause", failure.getClass().getSimpleName())
                    .log("record not told of");
        }
    }

    private void read(LogEntry body, ConsumerRecord<byte[], byte[]> record) {
        Instant taken = Instant.ofEpochMilli(record.timestamp());
        if (Lives.concerns(body)) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            memory.lives().read(body, partition, record.offset(), taken).forEach(this::tell);
        } else if (body instanceof BillingAlert alert) {
            AccountId account = alert.accountId();
            List<Webhook> webhooks = subscribers(account, WebhookEvent.BILLING_ALERT, taken);
            String text = Payloads.of(alert);
            webhooks.forEach(
                    webhook ->
                            make(webhook, WebhookEvent.BILLING_ALERT, alert.logKey(), null, text));
        } else if (body instanceof WebhookRequest request) {
            parts.endpoints
                    .find(request.webhookId())
                    .filter(webhook -> !isDisabled(webhook))
                    .ifPresent(webhook -> fulfil(request, webhook));
        }
    }

    private void fulfil(WebhookRequest request, Webhook webhook) {
        switch (request.kind()) {
            case TEST ->
                    make(
                            webhook,
                            WebhookEvent.WEBHOOK_TEST,
                            request.logId(),
                            null,
                            Payloads.test(webhook.webhookId(), request.at()));
            case RESEND -> parts.resends.look(request);
        }
    }

    /// Puts on the log again what was found there; what is still being tried is tried anyway.
    void takeFound() {
        for (Resends.Found found : parts.resends.take()) {
            if (!memory.due().has(found.delivery().deliveryId())) {
                batch.add(found.delivery(), found.key());
            }
        }
    }

    private void tell(Occurrence happened) {
        List<Webhook> webhooks =
                subscribers(happened.order().accountId(), happened.event(), happened.taken());
        if (webhooks.isEmpty()) {
            return;
        }
        parts.payloads
                .of(happened)
                .ifPresent(
                        open ->
                                webhooks.forEach(
                                        webhook ->
                                                make(
                                                        webhook,
                                                        happened.event(),
                                                        happened.name(),
                                                        new About(
                                                                happened.order().agentId(),
                                                                happened.key()),
                                                        open::sealed)));
    }

    /// Tells of keys whose last days have begun. An endpoint's state says of which it was told, so it is told of each
    /// once, however long ago that was.
    void remindIfDue() {
        if (System.nanoTime() - remindAt < 0) {
            return;
        }
        remindAt = System.nanoTime() + REMINDERS.toNanos();
        List<ApiKey> ending = parts.keys.ending(parts.clock.instant());
        for (Webhook webhook : parts.endpoints.of(WebhookEvent.KEY_EXPIRING)) {
            if (!isDisabled(webhook)) {
                remind(webhook, ending);
            }
        }
    }

    /// @param ending in the order in which their last days began
    private void remind(Webhook webhook, List<ApiKey> ending) {
        WebhookState before = state(webhook);
        List<ApiKey> news =
                ending.stream()
                        .filter(key -> key.account().equals(webhook.accountId()))
                        .filter(key -> Endpoints.wasThere(webhook, key.reminder()))
                        .filter(key -> before.awaitsKey(key.reminder()))
                        .toList();
        for (ApiKey key : news) {
            String what = key.keyId() + "/expiring/" + key.expires();
            make(webhook, WebhookEvent.KEY_EXPIRING, what, null, Payloads.of(key));
        }
        if (!news.isEmpty()) {
            Instant until = news.getLast().reminder();
            set(state(webhook).toldOfKeys(until, parts.clock.instant()));
        }
    }

    private List<Webhook> subscribers(AccountId account, WebhookEvent event, Instant taken) {
        return parts.endpoints.of(account, event, taken).stream()
                .filter(webhook -> !isDisabled(webhook))
                .toList();
    }

    private boolean isDisabled(Webhook webhook) {
        return state(webhook).disables(webhook);
    }

    private WebhookState state(Webhook webhook) {
        return memory.states().getOrDefault(webhook.webhookId(), WebhookState.of(webhook));
    }

    private record About(AgentId agent, WrappedKey key) {}

    private void make(
            Webhook webhook, WebhookEvent event, String what, @Nullable About about, String text) {
        make(
                webhook,
                event,
                what,
                about,
                id -> new SealedText(parts.master.sealSecret(text, WebhookDelivery.bodyField(id))));
    }

    private void make(
            Webhook webhook,
            WebhookEvent event,
            String what,
            @Nullable About about,
            Sealing sealing) {
        DeliveryId id = DeliveryId.of(webhook.webhookId(), what);
        if (!memory.recent().add(id) || memory.due().has(id)) {
            return;
        }
        Instant now = parts.clock.instant();
        WebhookState state = state(webhook).next(now);
        set(state);
        batch.add(
                new WebhookDelivery(
                        id,
                        webhook.webhookId(),
                        webhook.accountId(),
                        event,
                        about == null ? null : about.agent,
                        state.sequence(),
                        sealing.of(id),
                        now),
                about == null ? null : about.key);
    }

    private void set(WebhookState state) {
        memory.states().put(state.webhookId(), state);
        batch.set(state);
    }

    void took(Collection<Attempted> attempts) {
        attempts.forEach(this::took);
    }

    private void took(Attempted attempted) {
        Pending delivery = attempted.delivery();
        Webhook webhook = parts.endpoints.find(delivery.webhook()).orElse(null);
        if (webhook == null || attempted.answer() == null) {
            String why = attempted.dropped() == null ? "deleted" : attempted.dropped();
            note(attempted, delivery.attempts(), DeliveryAttempt.Outcome.DROPPED, why, null);
            return;
        }
        WebhookState before = state(webhook);
        int attempt = delivery.attempts() + 1;
        Instant now = attempted.at();
        NextStep step =
                Schedule.after(
                        attempt, attempted.answer(), before.failingSince(), now, parts.random);
        WebhookState after = before.after(step instanceof NextStep.Done, now);
        switch (step) {
            case NextStep.Done() ->
                    note(attempted, attempt, DeliveryAttempt.Outcome.DELIVERED, null, null);
            case NextStep.RetryAt(Instant when) -> {
                note(attempted, attempt, DeliveryAttempt.Outcome.RETRY, null, when);
                batch.again(delivery.again(when));
            }
            case NextStep.GiveUp(String reason) ->
                    note(attempted, attempt, DeliveryAttempt.Outcome.GIVEN_UP, reason, null);
            case NextStep.Disable(String reason) -> {
                note(attempted, attempt, DeliveryAttempt.Outcome.GIVEN_UP, reason, null);
                after = after.disabledFor(webhook.enabled(), reason, now);
            }
        }
        if (!after.equals(before)) {
            set(after);
        }
        if (step instanceof NextStep.Disable(String reason)) {
            announce(webhook, reason, now);
        }
    }

    /// Tells the account's other endpoints.
    private void announce(Webhook webhook, String reason, Instant now) {
        String what = webhook.webhookId() + "/disabled/" + webhook.enabled();
        String text = Payloads.disabled(webhook, reason, now);
        subscribers(webhook.accountId(), WebhookEvent.WEBHOOK_DISABLED, now)
                .forEach(other -> make(other, WebhookEvent.WEBHOOK_DISABLED, what, null, text));
    }

    private void note(
            Attempted attempted,
            int attempt,
            DeliveryAttempt.Outcome outcome,
            @Nullable String why,
            @Nullable Instant next) {
        Pending delivery = attempted.delivery();
        Answers.Told told = Answers.of(attempted.answer());
        batch.add(
                new DeliveryAttempt(
                        delivery.id(),
                        delivery.webhook(),
                        delivery.account(),
                        attempt,
                        outcome,
                        told.status(),
                        told.error() == null ? why : told.error(),
                        attempted.took().toMillis(),
                        next,
                        attempted.at()));
    }

    void commitIfDue(Producer<byte[], byte[]> producer) {
        boolean isDue = System.nanoTime() - committedAt >= IDLE_COMMIT.toNanos();
        if (batch.hasNews() || (progress && isDue)) {
            commit(producer);
        }
    }

    private void commit(Producer<byte[], byte[]> producer) {
        producer.beginTransaction();
        List<Pending> pending = batch.send(producer, parts.clock.instant());
        memory.due().forget(batch.ended());
        producer.sendOffsetsToTransaction(offsets(pending), consumer.groupMetadata());
        producer.commitTransaction();
        memory.due().add(pending);
        parts.metrics.wrote(batch.made(), batch.attempts());
        batch.clear();
        progress = false;
        committedAt = System.nanoTime();
        if (partitions.stream().allMatch(each -> consumer.currentLag(each).orElse(1) == 0)) {
            memory.lives().forget();
        }
    }

    /// How far was read, with what is needed to make memory again; and before which deliveries all have ended.
    private Map<TopicPartition, OffsetAndMetadata> offsets(List<Pending> added) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        Map<TopicPartition, Long> firstOpen = memory.lives().firstOpen();
        for (TopicPartition partition : partitions) {
            long next = consumer.position(partition);
            long first = Math.min(next, firstOpen.getOrDefault(partition, next));
            String note = new CommitNote(first, memory.lives().newest()).toString();
            offsets.put(partition, new OffsetAndMetadata(next, note));
        }
        Map<TopicPartition, Long> firstPending = memory.due().first();
        for (Pending delivery : added) {
            Position place = delivery.position();
            firstPending.merge(
                    new TopicPartition(place.topic(), place.partition()),
                    place.offset(),
                    Math::min);
        }
        batch.written()
                .forEach(
                        (partition, end) ->
                                offsets.put(
                                        partition,
                                        new OffsetAndMetadata(
                                                Math.min(
                                                        end,
                                                        firstPending.getOrDefault(
                                                                partition, end)))));
        return offsets;
    }
}
