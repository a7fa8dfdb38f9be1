package ai.j1msky.infra.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.j1msky.common.log.Keep;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.RecordReader;
import ai.j1msky.infra.testkit.Infrastructure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordReaderTest {

    private static Notes notes;
    private static RecordReader reader;

    @BeforeAll
    static void open() throws InterruptedException {
        notes =
                Notes.on(
                        Infrastructure.get().kafkaBootstrap(),
                        "reader.notes",
                        3,
                        new Keep.For(Duration.ofDays(1)));
        reader = new RecordReader(notes.clients());
    }

    @AfterAll
    static void close() {
        reader.close();
        notes.close();
    }

    @Test
    void eachRecordIsReadAtItsOwnPosition() throws Exception {
        // Given
        Map<Position, String> written = new LinkedHashMap<>();
        for (int i = 0; i < 30; i++) {
            written.put(notes.write("key-" + i, "text-" + i), "text-" + i);
        }
        assertThat(written.keySet()).extracting(Position::partition).contains(0, 1, 2);

        // When / Then
        written.forEach(
                (position, text) ->
                        assertThat(reader.read(notes.codec(), position))
                                .map(Notes.Note::text)
                                .contains(text));
    }

    @Test
    void aPositionBehindTheEndHoldsNothing() throws Exception {
        // Given
        Position last = notes.write("end", "last");

        // When / Then
        assertThat(
                        reader.read(
                                notes.codec(),
                                new Position(
                                        last.topic(), last.partition(), last.offset() + 1_000)))
                .isEmpty();
    }

    @Test
    void whatNobodyCanReadIsEmpty() throws Exception {
        // Given
        Position noise = notes.writeNoise("noise");

        // When / Then
        assertThat(reader.read(notes.codec(), noise)).isEmpty();
    }

    @Test
    void everyReaderOfASilentLogGivesUpInItsOwnTime(@TempDir Path directory) throws Exception {
        try (Proxied proxied = Proxied.start(directory);
                Notes slow =
                        Notes.on(
                                proxied.bootstrap(),
                                "reader.silent",
                                1,
                                new Keep.For(Duration.ofDays(1)));
                RecordReader waiting = new RecordReader(slow.clients());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            Position position = slow.write("a", "text");
            proxied.proxy().pause();

            // When
            List<Future<Duration>> reads = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                reads.add(threads.submit(() -> timeToFail(waiting, slow, position)));
            }

            // Then
            for (Future<Duration> read : reads) {
                assertThat(read.get(60, TimeUnit.SECONDS))
                        .isBetween(
                                RecordReader.LONGEST_READ.minusMillis(100),
                                RecordReader.LONGEST_READ.plusSeconds(1));
            }
            proxied.proxy().forward();
        }
    }

    private static Duration timeToFail(RecordReader reader, Notes notes, Position position) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> reader.read(notes.codec(), position))
                .isInstanceOf(KafkaException.class);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void aBuriedRecordKeepsItsBytesAndSaysWhyAndWhereFrom() throws Exception {
        // Given
        LogWriter writer = notes.writer();
        Position noise = notes.writeNoise("buried");
        try (Consumer<byte[], byte[]> consumer = notes.clients().reader("letters")) {
            ConsumerRecord<byte[], byte[]> poison = one(consumer, noise);

            // When
            Position letter =
                    writer.bury(notes.codec().topic(), poison, "malformed")
                            .get(10, TimeUnit.SECONDS);

            // Then
            ConsumerRecord<byte[], byte[]> buried = one(consumer, letter);
            assertThat(letter.topic()).isEqualTo("reader.notes.dlq");
            assertThat(buried.key()).isEqualTo(poison.key());
            assertThat(buried.value()).isEqualTo(poison.value());
            assertThat(header(buried, "j1msky_reason")).isEqualTo("malformed");
            assertThat(header(buried, "j1msky_origin")).isEqualTo(noise.toString());
        }
    }

    private static ConsumerRecord<byte[], byte[]> one(
            Consumer<byte[], byte[]> consumer, Position position) {
        TopicPartition partition = new TopicPartition(position.topic(), position.partition());
        consumer.assign(List.of(partition));
        consumer.seek(partition, position.offset());
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> consumer.poll(Duration.ofMillis(100)).records(partition),
                        records -> !records.isEmpty())
                .getFirst();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
