package ai.j1msky.notifier;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.DeliveryAttempt;
import ai.j1msky.common.webhook.DeliveryId;
import ai.j1msky.common.webhook.DeliveryRecord;
import ai.j1msky.common.webhook.WebhookDelivery;
import ai.j1msky.common.webhook.WebhookState;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/// What the next transaction writes.
final class Batch {

    private static final URI SOURCE = URI.create("/j1msky/notifier");

    private final EntryCodec<DeliveryRecord> deliveries =
            new EntryCodec<>(Topics.WEBHOOK_DELIVERIES);
    private final EntryCodec<WebhookState> states = new EntryCodec<>(Topics.WEBHOOK_STATES);
    private final List<Made> made = new ArrayList<>();
    private final List<DeliveryAttempt> notes = new ArrayList<>();
    private final List<Pending> again = new ArrayList<>();
    private final Map<String, WebhookState> changed = new HashMap<>();
    private final Map<TopicPartition, Long> written = new HashMap<>();

    /// @param key the data key of the agent that it is about, or null
    private record Made(WebhookDelivery delivery, @Nullable WrappedKey key) {}

    void add(WebhookDelivery delivery, @Nullable WrappedKey key) {
        made.add(new Made(delivery, key));
    }

    void add(DeliveryAttempt attempt) {
        notes.add(attempt);
    }

    /// It is tried once more.
    void again(Pending delivery) {
        again.add(delivery);
    }

    void set(WebhookState state) {
        changed.put(state.logKey(), state);
    }

    boolean hasNews() {
        return !made.isEmpty() || !notes.isEmpty();
    }

    int made() {
        return made.size();
    }

    List<DeliveryAttempt> attempts() {
        return notes;
    }

    /// The deliveries that are not tried any more.
    Collection<DeliveryId> ended() {
        return notes.stream()
                .filter(note -> note.next() == null)
                .map(DeliveryAttempt::deliveryId)
                .toList();
    }

    /// Of each partition of deliveries, the offset behind the last record that was written there.
    Map<TopicPartition, Long> written() {
        return written;
    }

    /// Sends everything and waits until the log has it, within the transaction that has begun.
    ///
    /// @return the deliveries that are to be tried
    /// @throws KafkaException when a record was refused
    List<Pending> send(Producer<byte[], byte[]> producer, Instant now) {
        List<Future<RecordMetadata>> sent = new ArrayList<>(made.size() + notes.size());
        for (Made each : made) {
            sent.add(producer.send(deliveries.write(each.delivery, SOURCE)));
        }
        for (DeliveryAttempt note : notes) {
            sent.add(producer.send(deliveries.write(note, SOURCE)));
        }
        for (WebhookState state : changed.values()) {
            // A record that cannot be sent fails the commit.
            Future<RecordMetadata> _ = producer.send(states.write(state, SOURCE));
        }
        producer.flush();
        List<Pending> pending = new ArrayList<>(again);
        for (int i = 0; i < sent.size(); i++) {
            RecordMetadata at = metadata(sent.get(i));
            written.merge(
                    new TopicPartition(at.topic(), at.partition()), at.offset() + 1, Math::max);
            if (i < made.size()) {
                Made each = made.get(i);
                Position position = new Position(at.topic(), at.partition(), at.offset());
                pending.add(Pending.made(each.delivery, position, each.key, now));
            }
        }
        return pending;
    }

    /// It is on the log.
    void clear() {
        made.clear();
        notes.clear();
        again.clear();
        changed.clear();
    }

    private static RecordMetadata metadata(Future<RecordMetadata> sent) {
        try {
            return sent.get();
        } catch (ExecutionException refused) {
            throw new KafkaException("a record was refused", refused);
        } catch (InterruptedException stopped) {
            throw new InterruptException(stopped);
        }
    }
}
