package ai.j1msky.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgency.Gateway;
import ai.j1msky.gateway.TestAgent;
import ai.j1msky.gateway.TestKeys;
import ai.j1msky.gateway.projection.LiveAgents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Agents that wait for their account's turn, in real gateways. The queues have room for 20: workers of 16 slots are
/// played.
class HandOverIT {

    private static final int ROOM = 20;

    private TestAgency agency;
    private WorkerId worker;
    private Gateway gateway;
    private Api large;
    private Api small;

    @BeforeEach
    void start() throws InterruptedException {
        agency = new TestAgency();
        agency.endAll();
        agency.slots(16);
        worker = agency.worker(true);
        gateway = agency.gateway();
        large = account("large");
        small = account("small");
    }

    @AfterEach
    void stop() {
        agency.close();
    }

    /// A client of an account that no other test has.
    private Api account(String name) {
        AccountId id =
                new AccountId(name + "-" + ThreadLocalRandom.current().nextInt(1_000_000_000));
        MintedKey key = agency.mint(id, KeyEnvironment.LIVE, EnumSet.allOf(Scope.class));
        return gateway.api().with(key.text().reveal());
    }

    /// Spawns one after the other, each read before the next.
    private List<AgentId> spawn(Api client, int number) {
        List<AgentId> agents = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            Api.Answer answer =
                    client.post("/api/spawn", "{\"model\":\"k2p5\",\"task\":\"" + i + "\"}");
            assertThat(answer.status()).isEqualTo(200);
            AgentId agent = new AgentId(answer.text("agent_id"));
            agents.add(agent);
            LiveAgents live = gateway.context().getBean(LiveAgents.class);
            await().pollInterval(Duration.ofMillis(2))
                    .until(() -> live.findActive(agent).isPresent());
        }
        agency.awaitProjected();
        return agents;
    }

    private List<SpawnCommand> commands(List<AgentId> agents) {
        Set<AgentId> wanted = new HashSet<>(agents);
        return agency.read(Topics.SPAWN_NORMAL).stream()
                .filter(command -> wanted.contains(command.order().agentId()))
                .toList();
    }

    private List<AgentId> queued(List<AgentId> agents) {
        return commands(agents).stream().map(command -> command.order().agentId()).toList();
    }

    private void awaitQueued(List<AgentId> agents) {
        await().atMost(TestAgency.SOON).until(() -> queued(agents).containsAll(agents));
    }

    private TestAgent played(AgentId id) {
        SpawnCommand command = commands(List.of(id)).getFirst();
        DataKeyEntry key =
                agency.read(Topics.DATA_KEYS).stream()
                        .filter(entry -> entry.agentId().equals(id))
                        .toList()
                        .getLast();
        return new TestAgent(
                command.order(),
                TestKeys.MASTER.unwrap(key.wrapped(), id),
                key.wrapped(),
                command.task());
    }

    private void complete(AgentId id) {
        TestAgent agent = played(id);
        agency.append(agent.started(1, worker), agent.completed(1, worker, "done", 7));
    }

    private static JsonNode get(Api client, AgentId agent) {
        return client.get("/api/agent/" + agent).body();
    }

    private static String blockedBy(Api client, AgentId agent) {
        return get(client, agent).path("queue").path("blocked_by").asString("");
    }

    @Test
    void oneAccountsBacklogWaitsAndAnotherGoesStraightToTheQueue() {
        // When
        List<AgentId> backlog = spawn(large, 40);
        List<AgentId> few = spawn(small, 10);

        // Then
        assertThat(queued(few)).containsExactlyElementsOf(few);
        assertThat(queued(backlog)).containsExactlyElementsOf(backlog.subList(0, ROOM));
        assertThat(get(large, backlog.getLast()).path("status").asString()).isEqualTo("spawning");
        assertThat(blockedBy(large, backlog.getLast())).isEqualTo("account_share");
        assertThat(blockedBy(large, backlog.getFirst())).isEmpty();
        assertThat(blockedBy(small, few.getLast())).isEmpty();
    }

    @Test
    void whatWaitsIsQueuedOldestFirstAsOthersEnd() {
        // Given
        List<AgentId> agents = spawn(large, ROOM + 5);

        // When
        agents.subList(0, 3).forEach(this::complete);
        awaitQueued(agents.subList(0, ROOM + 3));
        agency.awaitProjected();

        // Then: the same order and the same sealed task, for the first attempt
        assertThat(queued(agents)).containsExactlyElementsOf(agents.subList(0, ROOM + 3));
        assertThat(commands(agents)).extracting(SpawnCommand::attempt).containsOnly(1);
        TestAgent next = played(agents.get(ROOM));
        assertThat(next.key().open(next.id(), SpawnCommand.TASK_FIELD, next.sealedTask()))
                .isEqualTo(Integer.toString(ROOM));
        assertThat(blockedBy(large, agents.get(ROOM))).isEmpty();
        complete(agents.get(ROOM));
        await().atMost(TestAgency.SOON)
                .until(
                        () -> get(large, agents.get(ROOM)).path("status").asString(),
                        "completed"::equals);
    }

    @Test
    void oneThatIsCancelledWhileItWaitsIsNeverQueued() {
        // Given
        List<AgentId> agents = spawn(large, ROOM + 2);

        // When
        Api.Answer answer = large.delete("/api/agent/" + agents.get(ROOM));
        complete(agents.getFirst());
        awaitQueued(List.of(agents.get(ROOM + 1)));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("refund").asDouble())
                .isEqualTo(get(large, agents.get(ROOM)).path("estimated_cost").asDouble());
        assertThat(queued(agents)).doesNotContain(agents.get(ROOM));
    }

    @Test
    void anotherGatewayGoesOnWhenTheOwnerIsGone() {
        // Given
        List<AgentId> agents = spawn(large, ROOM + 4);
        gateway.close();

        // When
        Gateway other = agency.gateway();
        await().atMost(TestAgency.SOON).until(other::ownsProjection);
        await().during(Duration.ofSeconds(6))
                .atMost(TestAgency.SOON)
                .until(() -> queued(agents).size() == ROOM);
        complete(agents.get(0));
        complete(agents.get(1));
        awaitQueued(agents.subList(0, ROOM + 2));

        // Then
        assertThat(queued(agents)).containsExactlyElementsOf(agents.subList(0, ROOM + 2));
    }

    @Test
    void aFlushedRedisForgetsNobodyWhoWaits() {
        // Given
        List<AgentId> agents = spawn(large, ROOM + 3);

        // When
        agency.redis.commands().flushall();
        await().atMost(TestAgency.SOON)
                .until(() -> blockedBy(large, agents.getLast()), "account_share"::equals);
        complete(agents.getFirst());
        awaitQueued(agents.subList(0, ROOM + 1));

        // Then
        assertThat(queued(agents)).containsExactlyElementsOf(agents.subList(0, ROOM + 1));
    }

    @Test
    void aRepeatedRequestDoesNotQueueWhatWaits() {
        // Given
        List<AgentId> agents = spawn(large, ROOM);
        String body = "{\"model\":\"k2p5\",\"task\":\"waits\"}";

        // When
        Api.Answer first = large.post("/api/spawn", body, "Idempotency-Key", "once");
        agency.awaitProjected();
        Api.Answer again = large.post("/api/spawn", body, "Idempotency-Key", "once");

        // Then
        assertThat(again.text("agent_id")).isEqualTo(first.text("agent_id"));
        assertThat(queued(List.of(new AgentId(first.text("agent_id"))))).isEmpty();
        complete(agents.getFirst());
        awaitQueued(List.of(new AgentId(first.text("agent_id"))));
    }
}
