package ai.j1msky.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.worker.outbox.Outbox;
import ai.j1msky.worker.provider.Choice;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopsTest {

    private static final Instant NOW = Instant.ofEpochSecond(1);

    @TempDir private Path spool;
    private CallGuard guard;
    private Stops stops;

    @BeforeEach
    void start() throws IOException {
        LogWriter log =
                new LogWriter(
                        new MockProducer<>(
                                false, null, new ByteArraySerializer(), new ByteArraySerializer()),
                        URI.create("/test"));
        guard = new CallGuard(new Outbox(log, spool, 10), Clock.systemUTC());
        stops = new Stops(guard);
    }

    @AfterEach
    void stop() {
        guard.close();
    }

    @Test
    void aLossThatStandsBeforeTheStartIsOfAnEarlierTryAndStopsNothing() {
        // Given
        Run run = run();
        stops.apply(run, run.lost(NOW));

        // When
        stops.apply(run, run.start());

        // Then
        assertThat(run.stopped()).isNull();
        assertThat(run.settle()).as("it may still say how it ends").isTrue();
    }

    @Test
    void aLossAfterTheStartEndsTheRunInSilence() {
        // Given
        Run run = run();
        stops.apply(run, run.start());

        // When
        stops.apply(run, run.lost(NOW));

        // Then
        assertThat(run.stopped()).isEqualTo(Run.Stop.ABANDONED);
        assertThat(run.settle()).isFalse();
    }

    private static Run run() {
        AgentOrder order =
                new AgentOrder(
                        new AgentId("subagent_1234567890_482915730164"),
                        new AccountId("main"),
                        new KeyId("key_test"),
                        false,
                        "k2p5",
                        Priority.NORMAL,
                        60,
                        Money.ZERO,
                        Price.FREE,
                        NOW,
                        null);
        return new Run(
                new SpawnCommand(order, 1, new SealedText("1.x")),
                new WrappedKey("1.x"),
                new Choice.Missing("none", "none", new FailureReason("none", "none")),
                new WorkerId("worker-1~abc"),
                NOW);
    }
}
