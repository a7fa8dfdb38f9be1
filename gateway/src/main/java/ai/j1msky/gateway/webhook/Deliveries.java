package ai.j1msky.gateway.webhook;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogScan;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.DeliveryAttempt;
import ai.j1msky.common.webhook.DeliveryId;
import ai.j1msky.common.webhook.DeliveryRecord;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookDelivery;
import ai.j1msky.gateway.reading.PageReader;
import ai.j1msky.gateway.reading.PageReader.Page;
import ai.j1msky.gateway.reading.Stretch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Reads an endpoint's deliveries and their attempts from the log. Blocking.
final class Deliveries implements AutoCloseable {

    /// How many reads at most look for the attempts of a page; each looks at some thousand records.
    private static final int LOOKS = 10;

    private static final int MOST_ATTEMPTS = 200;
    private static final int MOST_COUNTED = 5_000;

    private final PageReader<DeliveryRecord> reader;

    Deliveries(LogClients clients) {
        this.reader =
                new PageReader<>(
                        clients, "deliveries", new EntryCodec<>(Topics.WEBHOOK_DELIVERIES));
    }

    /// One delivery.
    ///
    /// @param attempts the first first
    record Told(WebhookDelivery delivery, List<DeliveryAttempt> attempts) {}

    /// @param next where to go on, or null
    record Listed(List<Told> deliveries, @Nullable Long next) {}

    /// The newest first.
    ///
    /// @param before the offset to read back from; null for the end
    /// @throws KafkaException when the log does not answer in time
    Listed of(Webhook webhook, @Nullable Long before, int limit) {
        Page<DeliveryRecord> page =
                reader.read(
                        stretch(webhook, null),
                        new Of(webhook, WebhookDelivery.class::isInstance),
                        before,
                        limit);
        // One that was sent again stands there twice.
        Map<DeliveryId, WebhookDelivery> once = new LinkedHashMap<>();
        page.entries().forEach(record -> once.put(record.deliveryId(), (WebhookDelivery) record));
        List<WebhookDelivery> found = List.copyOf(once.values());
        List<DeliveryAttempt> attempts = attempts(webhook, found);
        return new Listed(
                found.stream()
                        .map(
                                delivery ->
                                        new Told(
                                                delivery,
                                                attempts.stream()
                                                        .filter(
                                                                a ->
                                                                        a.deliveryId()
                                                                                .equals(
                                                                                        delivery
                                                                                                .deliveryId()))
                                                        .sorted(
                                                                Comparator.comparing(
                                                                        DeliveryAttempt::at))
                                                        .toList()))
                        .toList(),
                page.next());
    }

    /// The endpoint's delivery of that id, among its last some ten thousand.
    Optional<WebhookDelivery> find(Webhook webhook, String id) {
        Of filter =
                new Of(
                        webhook,
                        record ->
                                record instanceof WebhookDelivery delivery
                                        && delivery.deliveryId().value().equals(id));
        Long next = null;
        for (int look = 0; look < LOOKS; look++) {
            Page<DeliveryRecord> page = reader.read(stretch(webhook, null), filter, next, 1);
            if (!page.entries().isEmpty()) {
                return Optional.of((WebhookDelivery) page.entries().getFirst());
            }
            next = page.next();
            if (next == null) {
                break;
            }
        }
        return Optional.empty();
    }

    /// How many were made since then, as far as some reads find them.
    int count(Webhook webhook, Instant since) {
        Of filter =
                new Of(
                        webhook,
                        record ->
                                record instanceof WebhookDelivery delivery
                                        && !delivery.at().isBefore(since));
        Set<DeliveryId> found = new HashSet<>();
        Long next = null;
        for (int look = 0; look < LOOKS; look++) {
            Page<DeliveryRecord> page =
                    reader.read(stretch(webhook, since), filter, next, MOST_COUNTED);
            page.entries().forEach(record -> found.add(record.deliveryId()));
            next = page.next();
            if (next == null) {
                break;
            }
        }
        return found.size();
    }

    /// They stand behind their deliveries, a retry hours behind.
    private List<DeliveryAttempt> attempts(Webhook webhook, List<WebhookDelivery> of) {
        if (of.isEmpty()) {
            return List.of();
        }
        Set<DeliveryId> wanted =
                of.stream().map(WebhookDelivery::deliveryId).collect(Collectors.toSet());
        Of filter =
                new Of(
                        webhook,
                        record ->
                                record instanceof DeliveryAttempt attempt
                                        && wanted.contains(attempt.deliveryId()));
        // The notifier's clock and the broker's may differ.
        Stretch stretch = stretch(webhook, of.getLast().at().minusSeconds(3_600));
        List<DeliveryAttempt> found = new ArrayList<>();
        Long next = null;
        for (int look = 0; look < LOOKS; look++) {
            Page<DeliveryRecord> page = reader.read(stretch, filter, next, MOST_ATTEMPTS);
            page.entries().forEach(record -> found.add((DeliveryAttempt) record));
            next = page.next();
            if (next == null) {
                break;
            }
        }
        return found;
    }

    private static Stretch stretch(Webhook webhook, @Nullable Instant from) {
        return new Stretch(
                LogScan.partition(Topics.WEBHOOK_DELIVERIES, webhook.logKey()), from, null);
    }

    private static byte[] key(Webhook webhook) {
        return webhook.logKey().getBytes(StandardCharsets.UTF_8);
    }

    /// Records of one endpoint.
    private record Of(Webhook webhook, Predicate<DeliveryRecord> wanted)
            implements PageReader.Filter<DeliveryRecord> {

        @Override
        public boolean mayTake(byte @Nullable [] recordKey) {
            return Arrays.equals(recordKey, key(webhook));
        }

        @Override
        public boolean takes(DeliveryRecord record) {
            return record.accountId().equals(webhook.accountId()) && wanted.test(record);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
