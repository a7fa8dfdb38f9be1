package ai.j1msky.gateway.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgency.Gateway;
import ai.j1msky.gateway.TestAgent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The watcher in a real gateway: what would hang is sent again or ended.
class WatcherIT {

    private TestAgency agency;
    private Gateway gateway;

    @BeforeEach
    void start() throws InterruptedException {
        agency = new TestAgency();
        gateway = agency.gateway();
    }

    @AfterEach
    void stop() {
        agency.close();
    }

    @Test
    void aLostWorkersAgentIsSentAgainOnceAndFailsWhenLostTwice() {
        // Given
        WorkerId gone = agency.worker(false);
        WorkerId alive = agency.worker(true);
        TestAgent agent = agency.spawn(TestAgent.create());
        TestAgent kept = agency.spawn(TestAgent.create());
        agency.append(agent.started(1, gone), kept.started(1, alive));

        // When
        await().atMost(TestAgency.SOON).until(() -> attemptsCommanded(agent).contains(2));
        String between = status(agent);
        agency.append(agent.started(2, agency.worker(false)));
        await().atMost(TestAgency.SOON).until(() -> status(agent).equals("failed"));

        // Then
        assertThat(between).isEqualTo("running");
        Api.Answer answer = gateway.api().get("/api/agent/" + agent.id());
        assertThat(answer.body().path("error").path("code").asString()).isEqualTo("worker_lost");
        assertThat(answer.body().path("attempts").findValuesAsString("status"))
                .containsExactly("lost", "lost");
        assertThat(answer.body().path("cost").asDouble()).isZero();
        assertThat(attemptsCommanded(agent)).containsExactlyInAnyOrder(1, 2);
        assertThat(losses(kept)).isZero();
        assertThat(status(kept)).isEqualTo("running");
    }

    @Test
    void nobodyIsDeclaredDeadWithinTheGraceAfterRedisWasAway() {
        // Given
        WorkerId worker = agency.worker(false);
        agency.redis.commands().set(RedisKeys.lease(worker), "1");
        TestAgent agent = agency.spawn(TestAgent.create());
        agency.append(agent.started(1, worker));
        await().atMost(TestAgency.SOON).until(() -> status(agent).equals("running"));

        // When
        agency.redisProxy.pause();
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        agency.redis.commands().del(RedisKeys.lease(worker));
        agency.redisProxy.forward();
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        long lostWithinGrace = losses(agent);
        await().atMost(TestAgency.SOON).until(() -> losses(agent) > 0);

        // Then
        assertThat(lostWithinGrace).isZero();
    }

    @Test
    void deadlinesSurviveARestart() {
        // Given
        Instant longAgo = Instant.now().minus(Duration.ofHours(2));
        TestAgent waited = agency.spawn(aged(longAgo));
        TestAgent ran = agency.spawn(aged(longAgo));
        WorkerId worker = agency.worker(true);
        agency.append(
                new AgentEvent.AttemptStarted(
                        ran.id(), ran.account(), 1, worker, "k2p5", "kimi", null, longAgo));
        TestAgent wronglyDated = agency.spawn(aged(longAgo));
        agency.awaitProjected();
        gateway.close();
        String twoHoursAgo = Long.toString(longAgo.toEpochMilli());
        agency.redis.commands().hset(view(waited), "at", twoHoursAgo);
        agency.redis.commands().hset(view(ran), "ra", twoHoursAgo);

        // When
        gateway = agency.gateway();
        await().atMost(TestAgency.SOON).until(() -> status(waited).equals("failed"));
        await().atMost(TestAgency.SOON).until(() -> status(ran).equals("failed"));

        // Then
        assertThat(errorCode(waited)).isEqualTo("queue_expired");
        assertThat(errorCode(ran)).isEqualTo("timeout");
        assertThat(status(wronglyDated)).as("what one node's clock says").isEqualTo("spawning");
    }

    @Test
    void aRedisThatTakesNoWritesMeansNoWorkerIsGone() {
        // Given
        WorkerId worker = agency.worker(true);
        TestAgent agent = agency.spawn(TestAgent.create());
        agency.append(agent.started(1, worker));
        await().atMost(TestAgency.SOON).until(() -> status(agent).equals("running"));

        // When
        agency.redis.commands().configSet("maxmemory", "1");
        await().atMost(TestAgency.SOON)
                .until(() -> agency.redis.commands().exists(RedisKeys.lease(worker)) == 0);
        await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
        agency.redis.commands().configSet("maxmemory", "1gb");
        await().pollDelay(Duration.ofSeconds(4)).until(() -> true);

        // Then
        assertThat(losses(agent)).isZero();
        assertThat(status(agent)).isEqualTo("running");
    }

    @Test
    void whatEndedWhileTheLogWasAwayIsNotTooLate() {
        // Given
        TestAgent agent =
                agency.spawn(
                        TestAgent.of(
                                TestAgent.ACCOUNT,
                                TestAgent.KEY,
                                "k2p5",
                                "task",
                                1,
                                TestAgent.now(),
                                null));
        WorkerId worker = agency.worker(true);
        agency.append(agent.started(1, worker));
        await().atMost(TestAgency.SOON).until(() -> status(agent).equals("running"));

        // When
        agency.log.proxy().pause();
        await().atMost(TestAgency.SOON).pollDelay(Duration.ofSeconds(15)).until(() -> true);
        agency.log.proxy().forward();
        agency.append(agent.completed(1, worker, "finished meanwhile", 7));

        // Then
        await().atMost(TestAgency.SOON).until(() -> !status(agent).equals("running"));
        assertThat(status(agent)).isEqualTo("completed");
    }

    @Test
    void aRecordThatTheQueueIsThroughWithIsSentAgain() {
        // Given
        TestAgent agent = agency.spawn(TestAgent.create());

        // When
        takeFromTheQueueUntil(() -> commands(agent).size() > 1);

        // Then
        List<SpawnCommand> commands = commands(agent);
        assertThat(commands).extracting(SpawnCommand::attempt).containsOnly(1);
        assertThat(commands.getLast().order()).isEqualTo(agent.order());
        assertThat(status(agent)).isEqualTo("spawning");
    }

    @Test
    void whatWasPutOffIsShownAndSentAgainOnceItsWaitIsOver() {
        // Given
        WorkerId worker = agency.worker(true);
        TestAgent soon = agency.spawn(TestAgent.create());
        TestAgent later = agency.spawn(TestAgent.create());
        TestAgent cancelled = agency.spawn(TestAgent.create());

        // When
        agency.append(
                soon.deferred(1, worker, Duration.ofSeconds(2)),
                later.deferred(1, worker, Duration.ofMinutes(5)),
                cancelled.deferred(1, worker, Duration.ofSeconds(2)),
                cancelled.cancelRequested());

        // Then
        await().atMost(TestAgency.SOON)
                .until(
                        () ->
                                "provider_budget"
                                        .equals(queue(later).path("blocked_by").asString("")));
        await().atMost(TestAgency.SOON).until(() -> commands(soon).size() == 2);
        assertThat(commands(soon)).extracting(SpawnCommand::attempt).containsOnly(1);
        assertThat(commands(later)).hasSize(1);
        assertThat(commands(cancelled)).hasSize(1);
        assertThat(status(cancelled)).isEqualTo("cancelled");
        agency.append(soon.deferred(1, worker, Duration.ofSeconds(1)));
        await().atMost(TestAgency.SOON).until(() -> commands(soon).size() == 3);
        agency.append(soon.started(1, worker));
        await().atMost(TestAgency.SOON).until(() -> status(soon).equals("running"));
        assertThat(queue(soon).isMissingNode()).isTrue();
    }

    private JsonNode queue(TestAgent agent) {
        return gateway.api().get("/api/agent/" + agent.id()).body().path("queue");
    }

    /// A worker that accepts everything and never says so on the log. It goes on with what comes after, as the broker
    /// only writes down how far the group is with the acknowledgements that follow.
    private void takeFromTheQueueUntil(BooleanSupplier seen) {
        try (ShareConsumer<byte[], byte[]> member =
                agency.clients.shareMember(Topics.WORKERS, "test-worker", 100)) {
            member.subscribe(List.of(Topics.SPAWN_NORMAL.name()));
            // Twice as long as a lock, so that a record whose acknowledgement got lost comes again.
            long deadline = System.nanoTime() + TestAgency.SOON.multipliedBy(2).toNanos();
            while (!seen.getAsBoolean() && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : member.poll(Duration.ofMillis(200))) {
                    member.acknowledge(record, AcknowledgeType.ACCEPT);
                }
                member.commitSync(Duration.ofSeconds(5));
            }
            assertThat(seen.getAsBoolean()).isTrue();
        }
    }

    private static TestAgent aged(Instant created) {
        return TestAgent.of(TestAgent.ACCOUNT, TestAgent.KEY, "k2p5", "task", 60, created, null);
    }

    private static String view(TestAgent agent) {
        return RedisKeys.agent(agent.account(), agent.id());
    }

    private String status(TestAgent agent) {
        return gateway.api().get("/api/agent/" + agent.id()).text("status");
    }

    private String errorCode(TestAgent agent) {
        return gateway.api().get("/api/agent/" + agent.id()).error().path("code").asString();
    }

    private List<SpawnCommand> commands(TestAgent agent) {
        return agency.read(Topics.SPAWN_NORMAL).stream()
                .filter(command -> command.order().agentId().equals(agent.id()))
                .toList();
    }

    private Set<Integer> attemptsCommanded(TestAgent agent) {
        return commands(agent).stream().map(SpawnCommand::attempt).collect(Collectors.toSet());
    }

    private long losses(TestAgent agent) {
        return agency.read(Topics.AGENT_EVENTS).stream()
                .filter(AgentEvent.AttemptLost.class::isInstance)
                .filter(event -> event.agentId().equals(agent.id()))
                .count();
    }
}
