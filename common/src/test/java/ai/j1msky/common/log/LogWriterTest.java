package ai.j1msky.common.log;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.log.LogWriter.NotSentException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/// What a caller is told about the fate of a record, with the client library's own test producer; the real one is
/// tried in the test kit.
class LogWriterTest {

    private record Note(String logKey, Instant at) implements LogEntry {
        @Override
        public String logId() {
            return logKey + "/note";
        }
    }

    private static final EntryCodec<Note> CODEC =
            new EntryCodec<>(
                    new Topic<>(
                            "notes",
                            1,
                            new Keep.For(Duration.ofDays(1)),
                            List.of(new EntryType<>("note.v1", Note.class))));
    private static final Note NOTE = new Note("a", Instant.EPOCH);

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(
                    false,
                    new RoundRobinPartitioner(),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
    private final LogWriter writer = new LogWriter(producer, URI.create("/j1msky/test"));

    @Test
    void anAcknowledgedRecordHasAPosition() {
        // Given
        CompletableFuture<Position> append = writer.append(CODEC, NOTE);

        // When
        producer.completeNext();

        // Then
        assertThat(append).isCompletedWithValue(new Position("notes", 0, 0));
    }

    @Test
    void aDeadLetterThatIsTooLargeIsCutSoThatItCanBeSent() {
        // Given
        byte[] large = new byte[LogClients.MAX_RECORD_BYTES + 20_000];
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(
                        "notes",
                        0,
                        7,
                        0,
                        TimestampType.CREATE_TIME,
                        1,
                        large.length,
                        new byte[] {'k'},
                        large,
                        new RecordHeaders(),
                        Optional.empty());

        // When
        CompletableFuture<Position> buried = writer.bury(CODEC.topic(), record, "not readable");
        producer.completeNext();

        // Then
        ProducerRecord<byte[], byte[]> letter = producer.history().getFirst();
        assertThat(buried).isCompleted();
        assertThat(letter.topic()).isEqualTo("notes.dlq");
        assertThat(letter.value()).hasSizeLessThan(LogClients.MAX_RECORD_BYTES / 2);
        assertThat(letter.headers().lastHeader("j1msky_reason").value())
                .asString()
                .isEqualTo("not readable");
        assertThat(letter.headers().lastHeader("j1msky_cut_from").value())
                .asString()
                .isEqualTo(Integer.toString(large.length));
    }

    @Test
    void whatTheClientRefusesWasNotSent() {
        // Given
        producer.sendException = new KafkaException("no");

        // When
        CompletableFuture<Position> append = writer.append(CODEC, NOTE);

        // Then
        assertThat(append.exceptionNow()).isInstanceOf(NotSentException.class);
    }

    @Test
    void anAcknowledgementThatNeverCameIsNotTakenForARefusal() {
        // Given
        CompletableFuture<Position> append = writer.append(CODEC, NOTE);

        // When
        producer.errorNext(new TimeoutException("late"));

        // Then
        assertThat(append.exceptionNow())
                .isInstanceOf(TimeoutException.class)
                .isNotInstanceOf(NotSentException.class);
    }

    @Test
    void thatHoldsAlsoForAnAppendFromAnotherAppendsFuture() {
        // Given
        CompletableFuture<Position> second =
                writer.append(CODEC, NOTE).thenCompose(_ -> writer.append(CODEC, NOTE));
        producer.completeNext();

        // When
        producer.errorNext(new TimeoutException("late"));

        // Then
        assertThat(second)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(TimeoutException.class);
    }
}
