package ai.j1msky.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AttemptStarted;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.money.Usage;
import ai.j1msky.infra.local.FreePort;
import ai.j1msky.infra.local.LocalKafka;
import ai.j1msky.infra.local.LocalKafkaSettings;
import ai.j1msky.infra.testkit.TcpProxy;
import ai.j1msky.worker.model.CallProgress;
import ai.j1msky.worker.model.MeteredUsage;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir private Path directory;

    @Test
    void aResultFinishedWhileKafkaIsGoneIsSentByTheNextLife() throws Exception {
        // Given
        int behind = FreePort.pick();
        Gate model = new Gate();
        try (TcpProxy proxy = TcpProxy.to(behind);
                LocalKafka kafka = LocalKafka.start(settings(behind, proxy));
                TestAgency agency = new TestAgency(directory, kafka.bootstrapServers())) {
            LogClients proxied = new LogClients("127.0.0.1:" + proxy.port(), "proxied");
            Worker first = agency.worker(model, 4, Duration.ofSeconds(1), proxied);
            first.start();
            TestAgency.Spawned agent = agency.spawn("finish during the outage");
            await().atMost(LONG)
                    .until(() -> !agency.eventsOf(agent.id(), AttemptStarted.class).isEmpty());

            // When
            proxy.pause();
            model.open.countDown();
            await().atMost(LONG).until(() -> spooled() == 1);
            first.drain();
            Worker second = agency.worker(model, 4, Duration.ofSeconds(1), agency.clients);
            second.start();

            // Then
            await().atMost(LONG)
                    .until(() -> !agency.eventsOf(agent.id(), AgentCompleted.class).isEmpty());
            await().atMost(LONG).until(() -> spooled() == 0);
            assertThat(agency.eventsOf(agent.id(), AttemptStarted.class)).hasSize(1);
            second.drain();
        }
    }

    private LocalKafkaSettings settings(int behind, TcpProxy proxy) {
        return LocalKafkaSettings.in(directory.resolve("kafka"))
                .behind(new LocalKafkaSettings.Proxied(behind, proxy.port()));
    }

    private long spooled() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("spool"))) {
            return files.filter(file -> file.toString().endsWith(".event")).count();
        }
    }

    /// Answers when it is opened.
    private static final class Gate implements ModelProvider {

        private final CountDownLatch open = new CountDownLatch(1);

        @Override
        public String name() {
            return "gate";
        }

        @Override
        public ModelAnswer call(ModelCall call, CallProgress progress) {
            try {
                open.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return new ModelAnswer("done", MeteredUsage.reported(new Usage(1, 1)), false);
        }
    }
}
