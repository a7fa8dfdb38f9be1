package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import ai.j1msky.infra.testkit.model.RecordedCall;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Spawn to result on both wires and the sandbox, and every documented field of every documented answer.
@Order(1)
@ExtendWith(RunningProduct.class)
class DocumentedAnswersIT {

    private static final String TIME = "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z";
    private static final int CAP = 8192;

    private final Product product;
    private final Client client;

    DocumentedAnswersIT(Product product) {
        this.product = product;
        this.client = product.live();
    }

    @ParameterizedTest
    @CsvSource({
        "sonnet, anthropic, claude-sonnet-4-6, anthropic, 3.00, 15.00",
        "opus, anthropic, claude-opus-4-6, anthropic, 5.00, 25.00",
        "k2p5, openai, kimi-k2.5, kimi, 0.60, 3.00"
    })
    void anAgentIsDoneAndCostsExactlyItsMeasuredUsageAtTheModelsPrice(
            String model,
            String wire,
            String wireModel,
            String provider,
            BigDecimal input,
            BigDecimal output) {
        // Given
        long before = client.chargedToday();
        Scripted task = Scripted.of("tokens=137");

        // When
        Answer spawned = client.spawned(Client.order(model, task.task()));
        Answer ended = client.end(spawned.agentId());

        // Then
        isDocumentedSpawn(spawned, model);
        isDocumentedAgent(ended, spawned.agentId(), model, "completed");
        JsonNode body = ended.body();
        assertThat(body.get("task").asString()).isEqualTo(task.task());
        assertThat(body.get("result").asString()).isEqualTo("word ".repeat(137).strip());
        assertThat(body.get("provider").asString()).isEqualTo(provider);
        assertThat(body.get("livemode").asBoolean()).isTrue();
        Usage usage = usage(body);
        assertThat(usage.outputTokens()).isEqualTo(137);
        long cost = Price.dollarsPerMillion(input, output).costOf(usage).micros();
        assertThat(ended.cost()).isPositive().isEqualTo(cost);
        assertThat(Answer.micros(spawned.body().get("estimated_cost"))).isGreaterThan(cost);
        assertThat(client.chargedToday() - before).isEqualTo(cost);
        assertThat(product.callsOf(task))
                .singleElement()
                .satisfies(call -> isRealCall(call, wire, wireModel));
    }

    private static void isRealCall(RecordedCall call, String wire, String model) {
        assertThat(call.wire()).isEqualTo(wire);
        assertThat(call.model()).isEqualTo(model);
        assertThat(call.maxTokens()).isEqualTo(CAP);
    }

    @Test
    void aSandboxAgentDoesRealWorkWithoutAModelCallOrACharge() {
        // Given
        int callsBefore = product.modelCalls();

        // When
        Answer spawned =
                product.sandbox().spawned(Client.order("sonnet", "What is 17 * (3 + 4) - 2?"));
        Answer ended = product.sandbox().end(spawned.agentId());

        // Then
        isDocumentedSpawn(spawned, "sonnet");
        isDocumentedAgent(ended, spawned.agentId(), "sonnet", "completed");
        assertThat(ended.body().get("result").asString()).contains("117");
        assertThat(ended.body().get("provider").asString()).isEqualTo("sandbox");
        assertThat(ended.body().get("livemode").asBoolean()).isFalse();
        assertThat(ended.cost()).isZero();
        assertThat(spawned.body().get("estimated_cost").toString()).isEqualTo("0.0");
        assertThat(product.modelCalls()).isEqualTo(callsBefore);
    }

    @Test
    void aRunningAgentIsListedAndItsCancelGivesItsMoneyBack() {
        // Given
        Scripted task = Scripted.of("delay=60s");
        Answer spawned = client.spawned(Client.order("k2p5", task.task()));
        String id = spawned.agentId();
        product.awaitCall(task);

        // When
        Answer running = client.running(id);
        Answer list = client.get("/agents");
        Answer cancelled = client.cancel(id);
        Answer ended = client.agent(id);

        // Then
        isDocumentedAgent(running, id, "k2p5", "running");
        assertThat(running.body().get("completed").isNull()).isTrue();
        assertThat(running.body().get("result").isNull()).isTrue();
        isDocumentedList(list.succeeded().body(), id, task.task());
        isDocumentedCancel(cancelled.succeeded().body());
        assertThat(ended.agentStatus()).isEqualTo("cancelled");
        assertThat(ended.cost() + Answer.micros(cancelled.body().get("refund")))
                .isEqualTo(Answer.micros(spawned.body().get("estimated_cost")));
    }

    @Test
    void aQueuedAgentHasNotStartedAndKnowsItsPlace() {
        // Given
        List<String> workers = List.of("worker-1", "worker-2");
        workers.forEach(product.processes()::freeze);

        // When
        String id = product.sandbox().spawn("k2p5", "sandbox:echo queued");
        Answer queued = product.sandbox().agent(id);
        workers.forEach(product.processes()::resume);
        Answer ended = product.sandbox().end(id);

        // Then
        isDocumentedAgent(queued, id, "k2p5", "spawning");
        for (String unknown : List.of("started", "completed", "result")) {
            assertThat(queued.body().get(unknown).isNull()).as(unknown).isTrue();
        }
        assertThat(queued.body().at("/queue/position").asInt()).isEqualTo(1);
        assertThat(ended.agentStatus()).isEqualTo("completed");
    }

    @Test
    void everyErrorIsTheDocumentedEnvelope() {
        // Given
        String done = product.sandbox().spawn("k2p5", "sandbox:echo done");
        product.sandbox().end(done);
        Client stranger = new Client(product.url("GATEWAY_URL"), "live_sk_unknown");
        HttpRequest.Builder notJson =
                client.request("/spawn")
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString("{}"));

        // When
        Map<Integer, Answer> errors =
                Map.of(
                        400, client.spawn(Client.order("no-such-model", "x")),
                        401, stranger.get("/agents"),
                        404, client.agent("subagent_1790000000_123456789012"),
                        405, client.send(client.request("/spawn").DELETE()),
                        409, client.cancel(done),
                        413, client.spawn(Client.order("k2p5", "x".repeat(1 << 21))),
                        415, client.send(notJson));

        // Then
        errors.forEach(DocumentedAnswersIT::isDocumentedError);
    }

    private static void isDocumentedSpawn(Answer answer, String model) {
        JsonNode body = answer.succeeded().body();
        assertThat(body.propertyNames())
                .containsExactlyInAnyOrder(
                        "success", "agent_id", "model", "status", "estimated_cost");
        assertThat(body.get("success")).isEqualTo(Client.JSON.readTree("true"));
        assertThat(answer.agentId()).matches("subagent_\\d{10}_\\d{12,}");
        assertThat(body.get("model").asString()).isEqualTo(model);
        assertThat(answer.agentStatus()).isEqualTo("spawning");
        assertThat(Answer.micros(body.get("estimated_cost"))).isNotNegative();
        assertThat(answer.headers().firstValue("X-Request-Id").orElse("")).startsWith("req_");
    }

    private static void isDocumentedAgent(Answer answer, String id, String model, String status) {
        JsonNode body = answer.succeeded().body();
        assertThat(body.propertyNames())
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
        assertThat(answer.agentId()).isEqualTo(id);
        assertThat(body.get("model").asString()).isEqualTo(model);
        assertThat(answer.agentStatus()).isEqualTo(status);
        assertThat(body.get("task").isString()).isTrue();
        assertThat(body.get("created").asString()).matches(TIME);
        for (String nullable : List.of("started", "completed")) {
            JsonNode time = body.get(nullable);
            assertThat(time.isNull() || time.asString().matches(TIME)).as(nullable).isTrue();
        }
        assertThat(body.get("result").isNull()).isEqualTo(!status.equals("completed"));
        assertThat(answer.cost()).isNotNegative();
    }

    private static void isDocumentedList(JsonNode list, String id, String task) {
        assertThat(list.propertyNames()).contains("agents", "count", "total_cost_today");
        assertThat(list.get("count").isInt()).isTrue();
        assertThat(list.get("count").asInt()).isEqualTo(1);
        assertThat(Answer.micros(list.get("total_cost_today"))).isNotNegative();
        assertThat(list.get("agents").values())
                .singleElement()
                .satisfies(
                        row -> {
                            assertThat(row.get("agent_id").asString()).isEqualTo(id);
                            assertThat(row.get("model").asString()).isEqualTo("k2p5");
                            assertThat(row.get("status").asString()).isEqualTo("running");
                            assertThat(row.get("task").asString()).isEqualTo(task);
                        });
    }

    private static void isDocumentedCancel(JsonNode body) {
        assertThat(body.propertyNames()).containsExactlyInAnyOrder("success", "message", "refund");
        assertThat(body.get("success").isBoolean()).isTrue();
        assertThat(body.get("message").asString()).isEqualTo("Agent cancelled");
        assertThat(Answer.micros(body.get("refund"))).isPositive();
    }

    private static void isDocumentedError(int status, Answer answer) {
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(status);
        JsonNode error = answer.body().get("error");
        assertThat(answer.body().propertyNames()).containsExactly("error");
        assertThat(error.propertyNames())
                .containsExactlyInAnyOrder("code", "message", "request_id");
        assertThat(error.get("code").asInt()).isEqualTo(status);
        assertThat(error.get("message").asString()).isNotBlank();
        assertThat(error.get("request_id").asString()).startsWith("req_");
        assertThat(answer.headers().firstValue("X-Request-Id"))
                .hasValue(error.get("request_id").asString());
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
    }

    private static Usage usage(JsonNode body) {
        JsonNode usage = body.get("usage");
        return new Usage(usage.get("input_tokens").asLong(), usage.get("output_tokens").asLong());
    }
}
