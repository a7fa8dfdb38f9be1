package ai.j1msky.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.id.NodeId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.WebhookEvent;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LivesTest {

    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final AccountId ACCOUNT = new AccountId("main");
    private static final WorkerId WORKER = WorkerId.mint(new NodeId("pi-1"), new SecureRandom());
    private static final SealedText TEXT = new SealedText("1.AAAA");
    private static final TopicPartition COMMANDS =
            new TopicPartition(Topics.SPAWN_NORMAL.name(), 0);
    private static final TopicPartition EVENTS = new TopicPartition(Topics.AGENT_EVENTS.name(), 3);
    private static final TopicPartition KEYS = new TopicPartition(Topics.DATA_KEYS.name(), 5);

    private final Lives lives = new Lives(Instant.EPOCH);
    private final AgentId agent = AgentId.mint(NOON, new SecureRandom());
    private long offset = 100;

    private List<WebhookEvent> read(LogEntry... records) {
        return read(NOON, records);
    }

    private List<WebhookEvent> read(Instant taken, LogEntry... records) {
        List<WebhookEvent> happened = new ArrayList<>();
        for (LogEntry record : records) {
            TopicPartition partition =
                    switch (record) {
                        case SpawnCommand _ -> COMMANDS;
                        case DataKeyEntry _ -> KEYS;
                        default -> EVENTS;
                    };
            lives.read(record, partition, offset++, taken).stream()
                    .map(Occurrence::event)
                    .forEach(happened::add);
        }
        return happened;
    }

    private SpawnCommand command(int attempt) {
        AgentOrder order =
                new AgentOrder(
                        agent,
                        ACCOUNT,
                        new KeyId("key_test"),
                        true,
                        "k2p5",
                        Priority.NORMAL,
                        60,
                        Money.micros(500),
                        null,
                        NOON,
                        null);
        return new SpawnCommand(order, attempt, TEXT);
    }

    private DataKeyEntry key() {
        return new DataKeyEntry(agent, ACCOUNT, new WrappedKey("1.AAAA"), NOON, null, null);
    }

    private AgentEvent started() {
        return new AgentEvent.AttemptStarted(agent, ACCOUNT, 1, WORKER, "k2p5", "kimi", null, NOON);
    }

    private AgentEvent completed() {
        return new AgentEvent.AgentCompleted(
                agent,
                ACCOUNT,
                1,
                WORKER,
                new Usage(1, 2),
                Metering.REPORTED,
                Money.micros(7),
                false,
                TEXT,
                null,
                NOON);
    }

    private AgentEvent cancelRequested() {
        return new AgentEvent.CancelRequested(agent, ACCOUNT, NOON);
    }

    @Test
    void aLifeIsToldOnce() {
        assertThat(read(key(), command(1), started(), completed()))
                .containsExactly(WebhookEvent.AGENT_STARTED, WebhookEvent.AGENT_COMPLETED);
        assertThat(read(completed(), command(1), started(), key(), completed())).isEmpty();
        assertThat(lives.openAgents()).isZero();
    }

    @Test
    void whatWaitsForItsTurnIsToldLikeAnyOther() {
        assertThat(read(key(), command(0), command(1), started(), completed()))
                .containsExactly(WebhookEvent.AGENT_STARTED, WebhookEvent.AGENT_COMPLETED);
    }

    @Test
    void theFirstEndIsTold() {
        assertThat(read(key(), command(1), cancelRequested(), started(), completed()))
                .containsExactly(WebhookEvent.AGENT_CANCELLED);
    }

    /// Records of one agent stand on three partitions, and are read in any order relative to each other.
    @Test
    void theOrderOfPartitionsDoesNotMatter() {
        Random random = new Random(20_261_126);
        for (int i = 0; i < 2_000; i++) {
            LivesTest other = new LivesTest();
            List<LogEntry> read = new ArrayList<>(List.of(other.started(), other.completed()));
            List<LogEntry> rest = new ArrayList<>(List.of(other.key(), other.command(1)));
            Collections.shuffle(rest, random);
            for (LogEntry record : rest) {
                read.add(random.nextInt(read.size() + 1), record);
            }
            List<WebhookEvent> happened = new ArrayList<>();
            for (LogEntry record : read) {
                happened.addAll(other.read(record));
                other.lives.forget();
            }
            assertThat(happened)
                    .as("%s", read)
                    .containsExactly(WebhookEvent.AGENT_STARTED, WebhookEvent.AGENT_COMPLETED);
        }
    }

    @Test
    void aLifeGoesOnAfterALongSilenceOfTheLog() {
        // Given: the newest record before is days old
        LivesTest other = new LivesTest();
        List<WebhookEvent> _ = read(NOON.minus(Duration.ofDays(3)), other.started());

        // When
        List<WebhookEvent> happened = new ArrayList<>(read(key()));
        lives.forget();
        happened.addAll(read(command(1)));
        lives.forget();
        happened.addAll(read(started(), completed()));

        // Then
        assertThat(happened)
                .containsExactly(WebhookEvent.AGENT_STARTED, WebhookEvent.AGENT_COMPLETED);
    }

    @Test
    void whatALifeNeedsIsReadAgainAfterARestart() {
        // When
        List<WebhookEvent> _ = read(key(), command(1), started());

        // Then
        assertThat(lives.firstOpen())
                .containsEntry(KEYS, 100L)
                .containsEntry(COMMANDS, 101L)
                .containsEntry(EVENTS, 102L);
        assertThat(read(completed())).hasSize(1);
        assertThat(lives.firstOpen()).isEmpty();
    }

    @Test
    void whatNothingComesOfIsForgotten() {
        // Given
        List<WebhookEvent> _ = read(started());

        // When
        LivesTest other = new LivesTest();
        List<WebhookEvent> _ = read(NOON.plus(Duration.ofHours(4)), other.started());
        lives.forget();

        // Then
        assertThat(lives.openAgents()).isOne();
    }
}
