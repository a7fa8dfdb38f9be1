package ai.j1msky.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.Api.Answer;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What clients see of agents, grouped by status; the worker is played by the test.
class EndpointsIT {

    private static final String SPAWN = "{\"model\":\"k2p5\",\"task\":\"Say hello\"}";
    private static final long SEED = 7;

    private static TestAgency agency;
    private static Api api;
    private static WorkerId worker;

    @BeforeAll
    static void start() throws InterruptedException {
        agency = new TestAgency();
        api = agency.gateway().api();
        worker = agency.worker(true);
    }

    @AfterAll
    static void stop() {
        agency.close();
    }

    @Nested
    class Returns200 {

        @Test
        void aSpawnHasTheDocumentedFieldsAndCanBeReadAtOnce() {
            // When
            Answer spawned = api.post("/api/spawn", SPAWN);
            Answer read = api.get("/api/agent/" + spawned.text("agent_id"));

            // Then
            assertThat(spawned.status()).isEqualTo(200);
            assertThat(names(spawned.body()))
                    .containsExactlyInAnyOrder(
                            "success", "agent_id", "model", "status", "estimated_cost");
            assertThat(spawned.text("agent_id")).matches("subagent_[0-9]+_[0-9]{12}");
            assertThat(spawned.text("status")).isEqualTo("spawning");
            assertThat(read.status()).isEqualTo(200);
            assertThat(read.text("task")).isEqualTo("Say hello");
        }

        @Test
        void theOrderOnTheLogCarriesThePriceOfItsHold() {
            // When
            String id = api.post("/api/spawn", SPAWN).text("agent_id");

            // Then
            Price price = new Price(600_000, 3_000_000);
            assertThat(agency.read(Topics.SPAWN_NORMAL))
                    .map(SpawnCommand::order)
                    .filteredOn(order -> order.agentId().value().equals(id))
                    .singleElement()
                    .satisfies(order -> assertThat(order.price()).isEqualTo(price))
                    .satisfies(
                            order ->
                                    assertThat(order.hold())
                                            .isEqualTo(price.costOf(new Usage(9 + 64, 8_192))));
        }

        @Test
        void anAgentAlwaysHasItsNineFields() {
            // Given
            TestAgent agent = agency.spawn(TestAgent.create());
            awaitStatus(agent, "spawning");

            // When
            JsonNode waiting = read(agent).body();
            agency.append(agent.started(1, worker));
            awaitStatus(agent, "running");
            JsonNode running = read(agent).body();
            agency.append(agent.completed(1, worker, "answer", 12_345));
            awaitStatus(agent, "completed");
            JsonNode completed = read(agent).body();

            // Then
            for (JsonNode body : List.of(waiting, running, completed)) {
                assertThat(names(body))
                        .contains(
                                "agent_id",
                                "model",
                                "status",
                                "task",
                                "created",
                                "started",
                                "completed",
                                "result",
                                "cost");
            }
            assertThat(waiting.path("started").isNull()).isTrue();
            assertThat(waiting.path("queue").path("position").asInt()).isPositive();
            assertThat(running.path("started").asString()).endsWith("Z");
            assertThat(running.path("completed").isNull()).isTrue();
            assertThat(running.path("node").asString()).isEqualTo("pi-1");
            assertThat(completed.path("result").asString()).isEqualTo("answer");
            assertThat(completed.path("summary").asString()).isEqualTo("in short");
            assertThat(completed.path("issues").get(0).asString()).isEqualTo("an issue");
            assertThat(completed.path("cost").decimalValue()).isEqualByComparingTo("0.012345");
            assertThat(completed.path("usage").path("output_tokens").asInt()).isEqualTo(20);
            assertThat(completed.path("usage").path("metering").asString()).isEqualTo("reported");
            assertThat(running.path("usage").has("metering")).isFalse();
        }

        @Test
        void aCostThatAWorkerSaysAboveTheHoldIsShownAsTheHold() {
            // Given
            TestAgent agent = agency.spawn(TestAgent.create());
            agency.append(agent.started(1, worker));

            // When
            agency.append(agent.completed(1, worker, "answer", 9_000_000_000_000L));
            awaitStatus(agent, "completed");
            JsonNode body = read(agent).body();

            // Then
            assertThat(body.path("cost").decimalValue()).isEqualByComparingTo("0.05");
            assertThat(body.path("refund").decimalValue()).isEqualByComparingTo("0");
            assertThat(body.path("attempts").get(0).path("cost").decimalValue())
                    .isEqualByComparingTo("0.05");
        }

        @Test
        void aWaitAnswersWhenTheAgentEndsAlsoWhenAnotherGaveUp() {
            // Given
            TestAgent agent = agency.spawn(TestAgent.create());
            agency.append(agent.started(1, worker));
            awaitStatus(agent, "running");

            // When
            CompletableFuture<Answer> patient =
                    api.getLater("/api/agent/" + agent.id() + "?wait=60");
            Answer impatient = api.get("/api/agent/" + agent.id() + "?wait=1");
            agency.append(agent.completed(1, worker, "answer", 1));
            Answer answer = patient.join();

            // Then
            assertThat(impatient.text("status")).isEqualTo("running");
            assertThat(impatient.took()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(answer.text("status")).isEqualTo("completed");
            assertThat(answer.took()).isLessThan(Duration.ofSeconds(30));
        }

        @Test
        void theListPagesThroughTheAccountsUnfinishedAgents() {
            // Given
            AccountId account = new AccountId("listed");
            Api theirs = api.with(keyOf("listed"));
            List<TestAgent> agents =
                    IntStream.range(0, 5).mapToObj(n -> agency.spawn(of(account))).toList();
            agency.append(agents.get(4).cancelRequested());
            agency.append(agents.get(3).started(1, worker));
            agency.awaitProjected();

            // When
            List<String> seen = new ArrayList<>();
            Answer page = theirs.get("/api/agents?limit=3");
            page.body().path("agents").forEach(a -> seen.add(a.path("agent_id").asString()));
            Answer rest = theirs.get("/api/agents?limit=3&cursor=" + page.text("next_cursor"));
            rest.body().path("agents").forEach(a -> seen.add(a.path("agent_id").asString()));
            Answer running = theirs.get("/api/agents?status=running");

            // Then
            assertThat(seen)
                    .containsExactlyInAnyOrderElementsOf(
                            agents.subList(0, 4).stream().map(a -> a.id().value()).toList());
            assertThat(page.body().path("count").asInt()).isEqualTo(4);
            assertThat(rest.body().path("next_cursor").isNull()).isTrue();
            assertThat(running.body().path("count").asInt()).isEqualTo(1);
        }

        @Test
        void aWaitingAgentIsCancelledAtOnceAndAgainWithTheSameAnswer() {
            // Given
            TestAgent agent = agency.spawn(TestAgent.create());
            awaitStatus(agent, "spawning");

            // When
            Answer first = api.delete("/api/agent/" + agent.id());
            Answer second = api.delete("/api/agent/" + agent.id());

            // Then
            assertThat(first.status()).isEqualTo(200);
            assertThat(names(first.body()))
                    .containsExactlyInAnyOrder("success", "message", "refund");
            assertThat(first.body().path("refund").decimalValue()).isEqualByComparingTo("0.05");
            assertThat(second.body()).isEqualTo(first.body());
            assertThat(read(agent).text("status")).isEqualTo("cancelled");
        }

        @Test
        void aWorkerThatAnswersTheCancelIsCharged() {
            // Given
            TestAgent agent = running();

            // When
            CompletableFuture<Answer> cancel = api.deleteLater("/api/agent/" + agent.id());
            agency.append(agent.cancelRequested(), agent.cancelled(1, worker, 20_000));

            // Then
            assertThat(cancel.join().body().path("refund").decimalValue())
                    .isEqualByComparingTo("0.03");
            assertThat(read(agent).body().path("cost").decimalValue()).isEqualByComparingTo("0.02");
        }

        @Test
        void aWorkerThatStaysSilentIsOverruledAfterTwoSeconds() {
            // Given
            TestAgent agent = running();

            // When
            Answer answer = api.delete("/api/agent/" + agent.id());

            // Then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.took()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8));
            assertThat(answer.body().path("refund").decimalValue()).isEqualByComparingTo("0.05");
            assertThat(read(agent).text("status")).isEqualTo("cancelled");
        }

        @Test
        void aRepeatedSpawnIsTheSameAgentAlsoWithManyAtOnce() {
            // Given
            List<CompletableFuture<Answer>> sent = new ArrayList<>();

            // When
            for (int n = 0; n < 20; n++) {
                sent.add(api.postLater("/api/spawn", SPAWN, "Idempotency-Key", "many"));
            }
            List<Answer> answers = sent.stream().map(CompletableFuture::join).toList();
            agency.awaitProjected();
            Answer later = api.post("/api/spawn", SPAWN, "Idempotency-Key", "many");

            // Then
            assertThat(answers).extracting(Answer::status).containsOnly(200);
            assertThat(answers)
                    .extracting(answer -> answer.text("agent_id"))
                    .containsOnly(later.text("agent_id"));
            assertThat(later.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        }
    }

    @Nested
    class Returns404 {

        @Test
        void anothersAgentIsLikeAnUnknownOne() {
            // Given
            TestAgent agent = agency.spawn(of(new AccountId("elsewhere")));
            agency.awaitProjected();
            String unknown = "/api/agent/" + TestAgent.create().id();

            // When
            Answer theirs = read(agent);
            Answer nobodys = api.get(unknown);

            // Then
            assertThat(theirs.status()).isEqualTo(404);
            assertThat(theirs.error().path("message")).isEqualTo(nobodys.error().path("message"));
            assertThat(api.delete("/api/agent/" + agent.id()).status()).isEqualTo(404);
            assertThat(api.delete(unknown).status()).isEqualTo(404);
        }
    }

    @Nested
    class Returns409 {

        @Test
        void anAgentThatEndedByItselfCannotBeCancelled() {
            // Given
            TestAgent agent = running();
            agency.append(agent.failed(1, worker, 0));
            awaitStatus(agent, "failed");

            // When
            Answer answer = api.delete("/api/agent/" + agent.id());

            // Then
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.error().path("code").asInt()).isEqualTo(409);
        }

        @Test
        void anotherBodyUnderTheSameKeyIsRefused() {
            // Given
            api.post("/api/spawn", SPAWN, "Idempotency-Key", "taken");

            // When
            Answer answer =
                    api.post(
                            "/api/spawn",
                            SPAWN.replace("hello", "goodbye"),
                            "Idempotency-Key",
                            "taken");

            // Then
            assertThat(answer.status()).isEqualTo(409);
        }

        @Test
        void theSameWordsWithATestKeyAreAnotherRequest() {
            // Given
            MintedKey test = agency.mint(KeyEnvironment.DEV, EnumSet.allOf(Scope.class));
            Api sandbox = api.with(test.text().reveal());
            await().atMost(TestAgency.SOON).until(() -> sandbox.get("/api/agents").status() == 200);
            Answer first = sandbox.post("/api/spawn", SPAWN, "Idempotency-Key", "live or not");

            // When
            Answer answer = api.post("/api/spawn", SPAWN, "Idempotency-Key", "live or not");

            // Then
            assertThat(first.status()).isEqualTo(200);
            assertThat(answer.status()).isEqualTo(409);
        }
    }

    @Nested
    class Races {

        @Test
        void aCancelAgainstACompletionHasOneOutcomeInEveryView() {
            // Given
            Random random = new Random(SEED);
            List<TestAgent> agents = IntStream.range(0, 30).mapToObj(n -> running()).toList();

            // When
            List<CompletableFuture<Answer>> cancels = new ArrayList<>();
            for (TestAgent agent : agents) {
                boolean cancelFirst = random.nextBoolean();
                if (cancelFirst) {
                    cancels.add(api.deleteLater("/api/agent/" + agent.id()));
                }
                agency.append(agent.completed(1, worker, "answer", 10_000));
                if (!cancelFirst) {
                    cancels.add(api.deleteLater("/api/agent/" + agent.id()));
                }
            }
            List<Answer> answers = cancels.stream().map(CompletableFuture::join).toList();
            agency.awaitProjected();

            // Then
            for (int n = 0; n < agents.size(); n++) {
                JsonNode seen = read(agents.get(n)).body();
                Answer again = api.delete("/api/agent/" + agents.get(n).id());
                assertThat(again.status()).isEqualTo(answers.get(n).status());
                if (answers.get(n).status() == 200) {
                    assertThat(seen.path("status").asString()).isEqualTo("cancelled");
                    assertThat(again.body()).isEqualTo(answers.get(n).body());
                    assertThat(
                                    seen.path("cost")
                                            .decimalValue()
                                            .add(again.body().path("refund").decimalValue()))
                            .isEqualByComparingTo("0.05");
                } else {
                    assertThat(answers.get(n).status()).isEqualTo(409);
                    assertThat(seen.path("status").asString()).isEqualTo("completed");
                }
            }
        }
    }

    private static TestAgent running() {
        TestAgent agent = agency.spawn(TestAgent.create());
        agency.append(agent.started(1, worker));
        awaitStatus(agent, "running");
        return agent;
    }

    private static TestAgent of(AccountId account) {
        return TestAgent.of(account, TestAgent.KEY, "k2p5", "task", 60, TestAgent.now(), null);
    }

    private static String keyOf(String account) {
        String body =
                "{\"name\":\"n\",\"env\":\"live\",\"scopes\":[\"agents:read\"],\"account\":\""
                        + account
                        + "\"}";
        return api.post("/api/keys", body).text("key");
    }

    private static Answer read(TestAgent agent) {
        return api.get("/api/agent/" + agent.id());
    }

    private static void awaitStatus(TestAgent agent, String status) {
        await().atMost(TestAgency.SOON).until(() -> read(agent).text("status").equals(status));
    }

    private static Collection<String> names(JsonNode object) {
        return object.propertyNames();
    }
}
