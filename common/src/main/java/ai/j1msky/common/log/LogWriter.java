package ai.j1msky.common.log;

import ai.j1msky.common.id.AccountId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Appends entries to the log. An append is done when its future completes: all in-sync replicas have the record.
///
/// Never blocks, given a producer with `max.block.ms=0` ([LogClients#producer]); so it may be called from an event
/// loop. Thread-safe.
public final class LogWriter {

    private static final String REASON_HEADER = "j1msky_reason";
    private static final String ORIGIN_HEADER = "j1msky_origin";
    private static final String CUT_HEADER = "j1msky_cut_from";
    private static final int LONGEST_LETTER = LogClients.MAX_RECORD_BYTES - 128 * 1024;
    private static final int CUT_TO = 64 * 1024;

    private final Producer<byte[], byte[]> producer;
    private final URI source;

    /// @param source who writes, the CloudEvents `source` of every record
    public LogWriter(Producer<byte[], byte[]> producer, URI source) {
        this.producer = producer;
        this.source = source;
    }

    /// Appends one entry. The future fails with [NotSentException] when the record certainly never left, and with
    /// another [KafkaException] when that is unknown.
    public <T extends LogEntry> CompletableFuture<Position> append(EntryCodec<T> codec, T entry) {
        return send(codec.write(entry, source));
    }

    /// Deletes a key of a compacted topic.
    public CompletableFuture<Position> delete(EntryCodec<?> codec, String key) {
        return send(codec.tombstone(key));
    }

    /// The same, saying whose it was.
    public CompletableFuture<Position> delete(EntryCodec<?> codec, String key, AccountId account) {
        return send(codec.tombstone(key, account));
    }

    /// Copies a record that nobody can read, bytes and headers as they are, to its topic's dead letters. What is larger
    /// than this producer may send is cut: a letter that could never be sent would hold up all that comes after it.
    public CompletableFuture<Position> bury(
            Topic<?> topic, ConsumerRecord<byte[], byte[]> record, String reason) {
        boolean fits = record.serializedKeySize() + record.serializedValueSize() <= LONGEST_LETTER;
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(
                        topic.deadLetters(),
                        null,
                        fits ? record.key() : cut(record.key()),
                        fits ? record.value() : cut(record.value()));
        if (fits) {
            record.headers().forEach(letter.headers()::add);
        } else {
            int size = record.serializedValueSize();
            letter.headers()
                    .add(CUT_HEADER, Integer.toString(size).getBytes(StandardCharsets.UTF_8));
        }
        letter.headers().add(REASON_HEADER, reason.getBytes(StandardCharsets.UTF_8));
        String origin =
                new Position(record.topic(), record.partition(), record.offset()).toString();
        letter.headers().add(ORIGIN_HEADER, origin.getBytes(StandardCharsets.UTF_8));
        return send(letter);
    }

    private static byte @Nullable [] cut(byte @Nullable [] bytes) {
        return bytes == null ? null : Arrays.copyOf(bytes, Math.min(bytes.length, CUT_TO));
    }

    private CompletableFuture<Position> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Position> acknowledged = new CompletableFuture<>();
        Thread caller = Thread.currentThread();
        AtomicBoolean sending = new AtomicBoolean(true);
        try {
            // The callback completes the future that callers get.
            Future<RecordMetadata> _ =
                    producer.send(
                            record,
                            (metadata, failure) -> {
                                if (failure == null) {
                                    acknowledged.complete(
                                            new Position(
                                                    metadata.topic(),
                                                    metadata.partition(),
                                                    metadata.offset()));
                                } else if (sending.get() && Thread.currentThread() == caller) {
                                    // The client reports what it refuses before send() returns.
                                    // The thread alone does not tell: an append from another
                                    // append's future runs on the client's own thread.
                                    acknowledged.completeExceptionally(
                                            new NotSentException(failure));
                                } else {
                                    acknowledged.completeExceptionally(failure);
                                }
                            });
        } catch (KafkaException refused) {
            acknowledged.completeExceptionally(new NotSentException(refused));
        } finally {
            sending.set(false);
        }
        return acknowledged;
    }

    /// The record never left this process: no metadata, no buffer space, or too large.
    public static final class NotSentException extends KafkaException {
        NotSentException(Throwable cause) {
            super("not sent", cause);
        }
    }
}
