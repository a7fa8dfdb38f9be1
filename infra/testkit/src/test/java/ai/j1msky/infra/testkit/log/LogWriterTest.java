package ai.j1msky.infra.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.log.Keep;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.LogWriter.NotSentException;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.RecordReader;
import ai.j1msky.infra.local.LocalKafka;
import ai.j1msky.infra.local.LocalKafkaSettings;
import ai.j1msky.infra.testkit.Infrastructure;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An append never blocks its caller, whatever the broker does. The bound of 200 ms is not about speed: Kafka's own
/// default would be a minute.
class LogWriterTest {

    private static final Duration AT_ONCE = Duration.ofMillis(200);
    private static final Keep DAY = new Keep.For(Duration.ofDays(1));

    @Test
    void anAcknowledgedAppendHasItsPosition() throws Exception {
        try (Notes notes =
                Notes.on(Infrastructure.get().kafkaBootstrap(), "writer.notes", 1, DAY)) {
            assertThat(notes.write("a", "text")).isEqualTo(new Position("writer.notes", 0, 0));
            assertThat(notes.write("a", "text")).isEqualTo(new Position("writer.notes", 0, 1));
        }
    }

    @Test
    void withNoBrokerAnAppendFailsAtOnceAndCertainly() {
        // Given
        LogClients nowhere = new LogClients("127.0.0.1:1", "nowhere");
        try (Producer<byte[], byte[]> producer = nowhere.producer(Notes.DELIVERY, List.of())) {
            LogWriter writer = new LogWriter(producer, URI.create("/j1msky/test"));
            CompletableFuture<Position> _ =
                    writer.append(Notes.codec("t", 1, DAY), Notes.note("warm", "up"));

            // When
            long before = System.nanoTime();
            CompletableFuture<Position> append =
                    writer.append(Notes.codec("t", 1, DAY), Notes.note("a", "text"));
            Duration blocked = Duration.ofNanos(System.nanoTime() - before);

            // Then
            assertThat(blocked).isLessThan(AT_ONCE);
            assertThat(append).isCompletedExceptionally();
            assertThat(append.exceptionNow()).isInstanceOf(NotSentException.class);
        }
    }

    @Test
    void whatIsTooLargeIsRefusedAtOnceAndCertainly() throws Exception {
        try (Notes notes =
                Notes.on(Infrastructure.get().kafkaBootstrap(), "writer.large", 1, DAY)) {
            // When
            CompletableFuture<Position> append =
                    notes.writer()
                            .append(
                                    notes.codec(),
                                    Notes.note("a", "x".repeat(LogClients.MAX_RECORD_BYTES)));

            // Then
            assertThat(append.exceptionNow())
                    .isInstanceOf(NotSentException.class)
                    .hasCauseInstanceOf(RecordTooLargeException.class);
        }
    }

    @Test
    void theLargestSealedResultTravels() throws Exception {
        try (Notes notes = Notes.on(Infrastructure.get().kafkaBootstrap(), "writer.full", 1, DAY)) {
            // Given: 1 MiB in base64
            String result = "x".repeat(1024 * 1024 * 4 / 3);

            // When
            Position position = notes.write("a", result);

            // Then
            assertThat(position.offset()).isZero();
        }
    }

    @Test
    void whileTheBrokerIsGoneAppendsEndAtOnceAndAfterwardsTheyGoOn(@TempDir Path directory)
            throws Exception {
        // Given
        LocalKafkaSettings settings = LocalKafkaSettings.in(directory.resolve("kafka"));
        LocalKafka kafka = LocalKafka.start(settings);
        try (Notes notes = Notes.on(kafka.bootstrapServers(), "writer.gone", 1, DAY)) {
            notes.write("a", "before");
            kafka.close();

            // When
            List<CompletableFuture<Position>> appends = appendMany(notes);

            // Then
            awaitEnd(appends);
            assertThat(appends).allSatisfy(a -> assertThat(a).isCompletedExceptionally());

            // When
            kafka = LocalKafka.start(settings.onPort(kafka.port()));

            // Then
            assertThat(notes.writeOnceReachable("a", "after").offset()).isPositive();
        } finally {
            kafka.close();
        }
    }

    @Test
    void ofWhatAFrozenBrokerWasSentTheFateIsUnknown(@TempDir Path directory) throws Exception {
        try (Proxied proxied = Proxied.start(directory);
                Notes notes = Notes.on(proxied.bootstrap(), "writer.frozen", 1, DAY)) {
            // Given
            notes.write("a", "before");
            proxied.proxy().pause();

            // When
            List<CompletableFuture<Position>> appends = appendMany(notes);
            awaitEnd(appends);

            // Then
            assertThat(appends).allSatisfy(LogWriterTest::assertUnknown);
        }
    }

    @Test
    void aRecordWhoseAcknowledgementIsLostIsUnknownAndOnTheLog(@TempDir Path directory)
            throws Exception {
        try (Proxied proxied = Proxied.start(directory);
                Notes notes = Notes.on(proxied.bootstrap(), "writer.lost", 1, DAY);
                RecordReader reader =
                        new RecordReader(new LogClients(proxied.direct(), "direct"))) {
            // Given
            notes.write("a", "before");
            proxied.proxy().dropResponses();

            // When
            CompletableFuture<Position> append =
                    notes.writer().append(notes.codec(), Notes.note("a", "landed"));
            awaitEnd(List.of(append));

            // Then
            assertUnknown(append);
            assertThat(reader.read(notes.codec(), new Position("writer.lost", 0, 1)))
                    .map(Notes.Note::text)
                    .contains("landed");
        }
    }

    private static List<CompletableFuture<Position>> appendMany(Notes notes) {
        LogWriter writer = notes.writer();
        List<CompletableFuture<Position>> appends = new ArrayList<>();
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 200; i++) {
            long before = System.nanoTime();
            appends.add(writer.append(notes.codec(), Notes.note("a", "text-" + i)));
            Duration blocked = Duration.ofNanos(System.nanoTime() - before);
            longest = blocked.compareTo(longest) > 0 ? blocked : longest;
        }
        assertThat(longest).isLessThan(AT_ONCE);
        return appends;
    }

    private static void awaitEnd(List<CompletableFuture<Position>> appends) {
        Awaitility.await()
                .atMost(Notes.DELIVERY.plusSeconds(20))
                .until(() -> appends.stream().allMatch(CompletableFuture::isDone));
    }

    private static void assertUnknown(CompletableFuture<Position> append) {
        assertThat(append.exceptionNow())
                .isInstanceOf(TimeoutException.class)
                .isNotInstanceOf(NotSentException.class);
    }
}
