package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.infra.testkit.model.RecordedCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Teams of the real processes: what they do for real money, and what becomes of them when processes die.
@Order(4)
@ExtendWith(RunningProduct.class)
class TeamIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final Product product;
    private final Client client;

    TeamIT(Product product) {
        this.product = product;
        this.client = product.newAccount("teams-" + System.nanoTime());
    }

    private String spawn(Scripted task) {
        ObjectNode order =
                Client.JSON.createObjectNode().put("team", "team_coding").put("task", task.task());
        return Client.patiently(() -> client.send(client.post("/spawn-team", order)))
                .succeeded()
                .agentId();
    }

    private static long cost(JsonNode members) {
        long sum = 0;
        for (JsonNode member : members) {
            sum += Answer.micros(member.get("cost"));
        }
        return sum;
    }

    @Test
    void aTeamCostsExactlyWhatItsAgentsDoAndTheLedgerSaysTheSame() {
        // When
        Scripted task = Scripted.of("tokens=30");
        String team = spawn(task);
        Answer end = client.end(team);

        // Then
        assertThat(end.agentStatus()).isEqualTo("completed");
        JsonNode members = end.body().get("members");
        assertThat(members).hasSize(4);
        assertThat(cost(members)).isPositive().isEqualTo(end.cost());
        List<RecordedCall> calls = product.callsOf(task);
        assertThat(calls).as("plan, two members, merge").hasSize(4);
        assertThat(calls).extracting(RecordedCall::wire).contains("anthropic", "openai");
        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            JsonNode usage = client.get("/billing/usage").body();
                            assertThat(Answer.micros(usage.get("total_cost")))
                                    .isEqualTo(end.cost());
                            JsonNode sums = client.get("/billing/reconcile").body();
                            assertThat(Answer.micros(sums.get("difference"))).isZero();
                            assertThat(Answer.micros(sums.get("open"))).isZero();
                            assertThat(Answer.micros(sums.get("held")))
                                    .isEqualTo(Answer.micros(end.body().get("estimated_cost")));
                        });
    }

    @Test
    void deletingATeamsDataDeletesThoseOfAllItsAgentsAndOfNoneAlone() {
        // Given
        String team = spawn(Scripted.of("tokens=30"));
        Answer end = client.end(team);
        List<String> members = new ArrayList<>();
        end.body().get("members").forEach(each -> members.add(each.get("agent_id").stringValue()));

        // When
        Answer alone = erase(members.getFirst());
        Answer whole = erase(team);

        // Then
        assertThat(alone.status()).isEqualTo(409);
        assertThat(whole.status()).isEqualTo(200);
        members.add(team);
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(members)
                                        .hasSize(5)
                                        .allSatisfy(
                                                id -> {
                                                    JsonNode agent = client.agent(id).body();
                                                    assertThat(agent.get("task").isNull()).isTrue();
                                                    assertThat(agent.get("result").isNull())
                                                            .isTrue();
                                                    assertThat(agent.has("erased")).isTrue();
                                                }));
        assertThat(client.agent(team).cost()).isEqualTo(end.cost());
    }

    private Answer erase(String agent) {
        return Client.patiently(
                () -> client.send(client.request("/agent/" + agent + "/data").DELETE()));
    }

    @Test
    void aCancelledTeamStopsItsCallsAndGivesTheRestBack() {
        // Given
        Scripted task = Scripted.of("tokens=60 chunks=30 pace=200ms");
        String team = spawn(task);
        await().atMost(SOON).until(() -> !product.callsOf(task).isEmpty());

        // When
        Answer cancelled = Client.patiently(() -> client.cancel(team));

        // Then
        assertThat(cancelled.status()).as(cancelled.body().toString()).isEqualTo(200);
        Answer end = client.end(team);
        assertThat(end.agentStatus()).isEqualTo("cancelled");
        assertThat(cost(end.body().get("members"))).isEqualTo(end.cost());
        assertThat(end.cost() + Answer.micros(cancelled.body().get("refund")))
                .isEqualTo(Answer.micros(end.body().get("estimated_cost")));
        assertThat(product.callsOf(task)).allMatch(RecordedCall::closedByClient);
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(
                                                Answer.micros(
                                                        client.get("/billing/reconcile")
                                                                .body()
                                                                .get("open")))
                                        .isZero());
    }

    @Test
    void teamsEndThoughWorkerAndGatewayDieMeanwhile() {
        // Given
        List<Scripted> tasks = new ArrayList<>();
        List<String> teams = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Scripted task = Scripted.of("tokens=20 chunks=10 pace=150ms");
            tasks.add(task);
            teams.add(spawn(task));
        }

        // When
        await().atMost(SOON).until(() -> product.callsOf(tasks.getFirst()).size() >= 2);
        product.processes().kill("worker-1");
        product.processes().kill("gateway");
        product.restart("gateway");
        product.restart("worker-1");

        // Then
        for (String team : teams) {
            Answer end = client.end(team, SOON);
            assertThat(end.agentStatus()).as(end.body().toString()).isEqualTo("completed");
            assertThat(cost(end.body().get("members"))).isEqualTo(end.cost());
        }
        for (Scripted task : tasks) {
            assertThat(product.callsOf(task).size()).as("calls of a team").isBetween(4, 8);
        }
    }
}
