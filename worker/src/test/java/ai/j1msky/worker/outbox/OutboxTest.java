package ai.j1msky.worker.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.LogWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {

    private static final AgentEvent EVENT =
            new AgentEvent.AttemptLost(
                    new AgentId("subagent_1234567890_482915730164"),
                    new AccountId("main"),
                    1,
                    new WorkerId("worker-1~abc"),
                    Instant.ofEpochSecond(1));
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir private Path directory;

    @Test
    void whatTheLogTakesIsNotSpooled() throws IOException {
        // Given
        MockProducer<byte[], byte[]> log = log();
        Outbox outbox = outbox(log, 10);
        outbox.put(EVENT);

        // When
        log.completeNext();

        // Then
        assertThat(outbox.waiting()).isZero();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatTheLogRefusesIsSentAgain() throws Exception {
        // Given
        MockProducer<byte[], byte[]> log = log();
        Outbox outbox = outbox(log, 10);
        outbox.start();
        outbox.put(EVENT);

        // When
        log.errorNext(new TimeoutException("no answer"));

        // Then
        await().until(() -> files() == 1);
        await().until(log::completeNext);
        await().until(() -> outbox.waiting() == 0);
        assertThat(log.history()).hasSize(2);
        assertThat(files()).isZero();
        outbox.close(SHORT);
    }

    @Test
    void theNextLifeSendsWhatTheLastCouldNot() throws Exception {
        // Given
        Outbox last = outbox(log(), 10);
        last.start();
        last.put(EVENT);
        last.close(SHORT);
        MockProducer<byte[], byte[]> log = log();

        // When
        Outbox next = outbox(log, 10);
        next.start();

        // Then
        await().until(log::completeNext);
        await().until(() -> next.waiting() == 0);
        assertThat(
                        new String(
                                log.history().getFirst().key(),
                                java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(EVENT.agentId().value());
        next.close(SHORT);
    }

    @Test
    void whenTooManyWaitNothingNewIsToBeBegun() throws IOException {
        // Given
        Outbox outbox = outbox(log(), 1);

        // When
        outbox.put(EVENT);

        // Then
        assertThat(outbox.hasRoom()).isFalse();
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".event")).count();
        }
    }

    private Outbox outbox(MockProducer<byte[], byte[]> log, int limit) throws IOException {
        return new Outbox(new LogWriter(log, URI.create("/test")), directory, limit);
    }

    private static MockProducer<byte[], byte[]> log() {
        return new MockProducer<>(
                false, null, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
