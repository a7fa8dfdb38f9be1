package ai.j1msky.notifier;

import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogScan;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.DeliveryId;
import ai.j1msky.common.webhook.DeliveryRecord;
import ai.j1msky.common.webhook.WebhookDelivery;
import ai.j1msky.common.webhook.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds on the log what is to be sent again, each request on a thread of its own. What is found goes to the log once more,
/// as it is: so it is tried as often as any other, whatever dies.
final class Resends {

    private static final Logger log = LoggerFactory.getLogger(Resends.class);

    private final LogClients clients;
    private final Queue<Found> found = new ConcurrentLinkedQueue<>();

    Resends(LogClients clients) {
        this.clients = clients;
    }

    /// @param key the data key of the agent that it is about, or null
    record Found(WebhookDelivery delivery, @Nullable WrappedKey key) {}

    void look(WebhookRequest request) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                find(request);
                            } catch (KafkaException away) {
                                log.atWarn()
                                        .addKeyValue("webhookId", request.webhookId())
                                        .addKeyValue("cause", away.toString())
                                        .log("nothing sent again");
                            }
                        });
    }

    /// What was found since the last time.
    List<Found> take() {
        List<Found> taken = new ArrayList<>();
        for (Found each = found.poll(); each != null; each = found.poll()) {
            taken.add(each);
        }
        return taken;
    }

    private void find(WebhookRequest request) {
        Instant since = Objects.requireNonNullElse(request.since(), request.at());
        Map<DeliveryId, WebhookDelivery> wanted = new LinkedHashMap<>();
        EntryCodec<DeliveryRecord> codec = new EntryCodec<>(Topics.WEBHOOK_DELIVERIES);
        try (Consumer<byte[], byte[]> reader = clients.reader("notifier-resend")) {
            TopicPartition partition =
                    LogScan.partition(Topics.WEBHOOK_DELIVERIES, request.logKey());
            Map<TopicPartition, Long> begins =
                    LogScan.since(reader, Topics.WEBHOOK_DELIVERIES, since);
            begins.keySet().retainAll(List.of(partition));
            LogScan.read(
                    reader,
                    begins,
                    reader.endOffsets(List.of(partition)),
                    (record, _) -> {
                        if (codec.read(record)
                                        instanceof
                                        ReadResult.Entry<DeliveryRecord>(WebhookDelivery delivery)
                                && isWanted(request, delivery)) {
                            wanted.put(delivery.deliveryId(), delivery);
                        }
                    });
            Map<AgentId, WrappedKey> keys =
                    Rebuild.keys(
                            reader,
                            wanted.values().stream()
                                    .map(WebhookDelivery::agentId)
                                    .filter(Objects::nonNull)
                                    .collect(Collectors.toSet()));
            wanted.values()
                    .forEach(
                            delivery ->
                                    found.add(
                                            new Found(
                                                    delivery,
                                                    delivery.agentId() == null
                                                            ? null
                                                            : keys.get(delivery.agentId()))));
        }
    }

    private static boolean isWanted(WebhookRequest request, WebhookDelivery delivery) {
        return delivery.webhookId().equals(request.webhookId())
                && delivery.accountId().equals(request.accountId())
                && (request.deliveryId() == null
                        || request.deliveryId().equals(delivery.deliveryId()));
    }
}
