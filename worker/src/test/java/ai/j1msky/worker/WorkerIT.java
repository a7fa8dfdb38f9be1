package ai.j1msky.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentEvent.AgentCancelled;
import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AgentFailed;
import ai.j1msky.common.agent.AgentEvent.AttemptLost;
import ai.j1msky.common.agent.AgentEvent.AttemptStarted;
import ai.j1msky.common.agent.AgentEvent.CancelRequested;
import ai.j1msky.common.agent.AgentResult;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.Privacy;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.pii.PiiCounts;
import ai.j1msky.common.pii.PiiType;
import ai.j1msky.common.seal.DataKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.view.RedisKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.RedisConnection;

class WorkerIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir private Path directory;
    private TestAgency agency;
    private ScriptedProvider provider;
    private Worker worker;
    private boolean drained;

    @BeforeEach
    void start() throws Exception {
        agency = new TestAgency(directory);
        provider = new ScriptedProvider();
        worker = agency.worker(provider, 32, Duration.ofSeconds(1), agency.clients);
        worker.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (!drained) {
            worker.drain();
        }
        agency.close();
    }

    @Test
    void anAgentRunsAndItsResultIsSealed() throws Exception {
        // When
        TestAgency.Spawned agent = agency.spawn("hello");

        // Then
        AgentCompleted completed = awaitOne(agent.id(), AgentCompleted.class);
        String json = agent.key().open(agent.id(), AgentEvent.RESULT_FIELD, completed.result());
        assertThat(WireJson.MAPPER.readValue(json, AgentResult.class))
                .isEqualTo(new AgentResult("answer to hello", null, List.of(), false));
        assertThat(completed.usage().outputTokens()).isEqualTo(4);
        assertThat(agency.eventsOf(agent.id()).getFirst()).isInstanceOf(AttemptStarted.class);
    }

    @Test
    void personalDataInAResultAreCountedWhereThatWasAskedFor() throws Exception {
        // Given
        TestAgency.Spawned silent = agency.spawn("ada@example.com");
        TestAgency.Spawned order = agency.order("mail ada@example.com, bob@example.com");
        TestAgency.Spawned asked =
                new TestAgency.Spawned(
                        new SpawnCommand(
                                order.command()
                                        .order()
                                        .withPrivacy(new Privacy(true, true, false, null, null)),
                                1,
                                order.command().task()),
                        order.key());

        // When
        agency.show(asked);
        agency.produce(asked.command());

        // Then
        assertThat(awaitOne(asked.id(), AgentCompleted.class).pii())
                .isEqualTo(new PiiCounts(Map.of(PiiType.EMAIL, 2)));
        assertThat(awaitOne(silent.id(), AgentCompleted.class).pii()).isNull();
    }

    @Test
    void aCommandProducedTwiceRunsOnce() throws Exception {
        // Given
        TestAgency.Spawned agent = agency.order("once");
        agency.show(agent);

        // When
        agency.produce(agent.command());
        agency.produce(agent.command());
        TestAgency.Spawned last = agency.spawn("last");

        // Then
        awaitOne(agent.id(), AgentCompleted.class);
        awaitOne(last.id(), AgentCompleted.class);
        assertThat(provider.prompts).containsOnlyOnce("once");
        assertThat(agency.eventsOf(agent.id(), AttemptStarted.class)).hasSize(1);
    }

    @Test
    void aCancelStopsTheCall() throws Exception {
        // Given
        TestAgency.Spawned agent = agency.spawn("hang");
        await().atMost(SOON).until(() -> provider.prompts.contains("hang"));

        // When
        agency.append(new CancelRequested(agent.id(), TestAgency.ACCOUNT, Instant.now()));

        // Then
        await().atMost(Duration.ofSeconds(2)).until(() -> provider.stopped.contains("hang"));
        AgentCancelled cancelled = awaitOne(agent.id(), AgentCancelled.class);
        assertThat(cancelled.usage().inputTokens()).isEqualTo(3);
    }

    @Test
    void anAgentCancelledBeforeItsStartIsNeverCalled() throws Exception {
        // Given
        TestAgency.Spawned agent = agency.order("cancelled early");
        agency.produce(agent.command());

        // When
        agency.append(new CancelRequested(agent.id(), TestAgency.ACCOUNT, Instant.now()));
        TestAgency.Spawned probe = agency.spawn("hang on, so that the tail is seen to run");
        await().atMost(SOON).until(() -> !provider.prompts.isEmpty());
        agency.append(new CancelRequested(probe.id(), TestAgency.ACCOUNT, Instant.now()));
        awaitOne(probe.id(), AgentCancelled.class);
        agency.show(agent);

        // Then
        awaitOne(agency.spawn("after").id(), AgentCompleted.class);
        assertThat(provider.prompts).doesNotContain("cancelled early");
    }

    @Test
    void anAttemptDeclaredLostIsStoppedAndSaysNothing() throws Exception {
        // Given
        TestAgency.Spawned agent = agency.spawn("hang");
        AttemptStarted started = awaitOne(agent.id(), AttemptStarted.class);
        await().atMost(SOON).until(() -> !provider.prompts.isEmpty());

        // When
        agency.append(
                new AttemptLost(
                        agent.id(), TestAgency.ACCOUNT, 1, started.workerId(), Instant.now()));

        // Then
        await().atMost(SOON).until(() -> !provider.stopped.isEmpty());
        awaitOne(agency.spawn("after").id(), AgentCompleted.class);
        assertThat(agency.eventsOf(agent.id(), AgentEvent.Ending.class)).isEmpty();
    }

    @Test
    void poisonIsSetAsideAndTheNextRecordRuns() throws Exception {
        // Given
        TopicPartition letters = new TopicPartition(Topics.SPAWN_NORMAL.deadLetters(), 0);
        byte[] garbage = {1, 2, 3};

        try (Consumer<byte[], byte[]> reader = agency.clients.reader("test-letters")) {
            reader.assign(List.of(letters));
            reader.seekToEnd(List.of(letters));
            reader.position(letters);

            // When
            agency.produceRaw(new ProducerRecord<>(Topics.SPAWN_NORMAL.name(), garbage, garbage));
            agency.produceRaw(new ProducerRecord<>(Topics.SPAWN_NORMAL.name(), garbage, null));
            TestAgency.Spawned agent = agency.spawn("after poison");

            // Then
            awaitOne(agent.id(), AgentCompleted.class);
            List<ConsumerRecord<byte[], byte[]>> found = new java.util.ArrayList<>();
            await().atMost(SOON)
                    .until(
                            () -> {
                                reader.poll(Duration.ofMillis(50)).forEach(found::add);
                                return found.size() == 2;
                            });
            assertThat(found)
                    .anyMatch(letter -> java.util.Arrays.equals(letter.value(), garbage))
                    .anyMatch(letter -> letter.value() == null)
                    .allMatch(letter -> letter.headers().lastHeader("j1msky_reason") != null);
        }
    }

    @Test
    void aTaskThatCannotBeOpenedFailsAsPoison() throws Exception {
        // Given
        TestAgency.Spawned agent = agency.order("sealed with a lost key");
        agency.show(new TestAgency.Spawned(agent.command(), DataKey.mint()));

        // When
        agency.produce(agent.command());

        // Then
        assertThat(awaitOne(agent.id(), AgentFailed.class).error()).isEqualTo(FailureReason.POISON);
    }

    @Test
    void anAgentWhoseViewComesLateStillRuns() throws Exception {
        // Given
        TestAgency.Spawned agent = agency.order("late view");
        agency.produce(agent.command());
        awaitOne(agency.spawn("passes by").id(), AgentCompleted.class);

        // When
        agency.show(agent);

        // Then
        awaitOne(agent.id(), AgentCompleted.class);
    }

    /// As when a queue is read from its beginning once more.
    @Test
    void commandsOfAgentsThatNobodyKnowsAnyMoreHoldNobodyUp() throws Exception {
        // Given
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        for (int each = 0; each < 100; each++) {
            agency.produce(agency.order("long ago", yesterday).command());
        }

        // When
        TestAgency.Spawned agent = agency.spawn("now");

        // Then
        awaitOne(agent.id(), AgentCompleted.class);
        assertThat(provider.prompts).doesNotContain("long ago");
    }

    @Test
    void aFailedCallFailsTheAgentAtNoCost() throws Exception {
        // When
        TestAgency.Spawned agent = agency.spawn("fail");

        // Then
        AgentFailed failed = awaitOne(agent.id(), AgentFailed.class);
        assertThat(failed.error().code()).isEqualTo("provider_unavailable");
        assertThat(failed.cost().micros()).isZero();
    }

    @Test
    void aLiveAgentWithoutProviderNamesTheMissingVariable() throws Exception {
        // Given
        TestAgency.Spawned agent = agency.order("live", Priority.HIGH, true);
        agency.show(agent);

        // When
        agency.produce(agent.command());

        // Then
        AgentFailed failed = awaitOne(agent.id(), AgentFailed.class);
        assertThat(failed.error().code()).isEqualTo("provider_not_configured");
        assertThat(failed.error().message()).contains("MOONSHOT_API_KEY");
    }

    @Test
    void drainHandsBackWhatDoesNotFinish() throws Exception {
        // Given
        TestAgency.Spawned agent = agency.spawn("hang");
        AttemptStarted started = awaitOne(agent.id(), AttemptStarted.class);
        await().atMost(SOON).until(() -> !provider.prompts.isEmpty());
        WorkerId id = started.workerId();
        assertThat(leaseExists(id)).isTrue();

        // When
        long begun = System.nanoTime();
        drained = true;
        worker.drain();

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(9));
        assertThat(awaitOne(agent.id(), AttemptLost.class).workerId()).isEqualTo(id);
        assertThat(provider.stopped).contains("hang");
        assertThat(agency.eventsOf(agent.id(), AgentEvent.Ending.class)).isEmpty();
        assertThat(leaseExists(id)).isFalse();
    }

    @Test
    void aSecondAttemptRunsAfterTheFirstWasLost() throws Exception {
        // Given
        TestAgency.Spawned agent = agency.spawn("hang at first");
        AttemptStarted started = awaitOne(agent.id(), AttemptStarted.class);
        await().atMost(SOON).until(() -> !provider.prompts.isEmpty());
        agency.append(
                new AttemptLost(
                        agent.id(), TestAgency.ACCOUNT, 1, started.workerId(), Instant.now()));
        await().atMost(SOON).until(() -> !provider.stopped.isEmpty());

        // When
        SpawnCommand again = agent.command().withAttempt(2);
        agency.produce(again);

        // Then
        await().atMost(SOON)
                .until(
                        () ->
                                agency.eventsOf(agent.id(), AttemptStarted.class).stream()
                                        .anyMatch(event -> event.attempt() == 2));
        await().atMost(SOON).until(() -> provider.prompts.size() == 2);
    }

    private boolean leaseExists(WorkerId id) {
        try (RedisConnection connection = agency.redis.getConnection()) {
            return Boolean.TRUE.equals(
                    connection.keyCommands().exists(RedisKeys.lease(id).getBytes(UTF_8)));
        }
    }

    private <E extends AgentEvent> E awaitOne(AgentId agent, Class<E> type) {
        await().atMost(SOON).until(() -> !agency.eventsOf(agent, type).isEmpty());
        return agency.eventsOf(agent, type).getFirst();
    }
}
