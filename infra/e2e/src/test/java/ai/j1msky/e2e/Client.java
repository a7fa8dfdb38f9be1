package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A client of the HTTP API that keeps its own history: the ids of all agents it was promised.
public final class Client {

    public static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private static final Duration PATIENCE = Duration.ofSeconds(70);

    private final URI gateway;
    private final String key;
    private final List<String> promised = new CopyOnWriteArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();

    public Client(URI gateway, String key) {
        this.gateway = gateway;
        this.key = key;
    }

    String key() {
        return key;
    }

    /// Ids of all agents whose spawn was answered 200, in that order.
    List<String> promised() {
        return List.copyOf(promised);
    }

    public static ObjectNode order(String model, String task) {
        return JSON.createObjectNode().put("model", model).put("task", task);
    }

    /// Spawns as the SDKs do: with a key, and again while the answer is 503.
    String spawn(String model, String task) {
        return spawned(order(model, task)).agentId();
    }

    /// The answer to a spawn that succeeded, at once or when it was repeated.
    Answer spawned(ObjectNode order) {
        return spawned(order, UUID.randomUUID().toString());
    }

    Answer spawned(ObjectNode order, String idempotencyKey) {
        return patiently(() -> spawn(order, idempotencyKey)).succeeded();
    }

    /// The first answer that is not 503: a machine that is busy with other things may refuse for a moment.
    public static Answer patiently(Callable<Answer> request) {
        return Awaitility.await("an answer other than 503")
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(request, answer -> answer.status() != 503);
    }

    Answer spawn(ObjectNode order) {
        return remembered(send(post("/spawn", order)));
    }

    public Answer spawn(ObjectNode order, String idempotencyKey) {
        return remembered(send(post("/spawn", order).header("Idempotency-Key", idempotencyKey)));
    }

    private Answer remembered(Answer answer) {
        if (answer.status() == 200) {
            promised.add(answer.agentId());
        }
        return answer;
    }

    public Answer agent(String id) {
        return get("/agent/" + id);
    }

    public Answer cancel(String id) {
        return send(request("/agent/" + id).DELETE());
    }

    public Answer get(String path) {
        return send(request(path).GET());
    }

    /// The agent once it has ended; fails when that takes longer.
    Answer end(String id, Duration atMost) {
        return Awaitility.await("end of " + id)
                .atMost(atMost)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .ignoreException(UncheckedIOException.class)
                .until(() -> get("/agent/" + id + "?wait=2"), Client::ended);
    }

    Answer end(String id) {
        return end(id, Duration.ofSeconds(30));
    }

    public static boolean ended(Answer answer) {
        return answer.status() == 200
                && List.of("completed", "failed", "cancelled").contains(answer.agentStatus());
    }

    Answer running(String id) {
        return Awaitility.await("start of " + id)
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> agent(id), answer -> answer.agentStatus().equals("running"));
    }

    /// What the product says of every agent this client was promised, by id.
    Map<String, JsonNode> dump() {
        Map<String, JsonNode> agents = new TreeMap<>();
        for (String id : promised) {
            agents.computeIfAbsent(id, unseen -> patiently(() -> agent(unseen)).succeeded().body());
        }
        return agents;
    }

    /// Charged today, in micro-dollars, once billing has read the end of every agent, and reservations whose gateway died
    /// have lapsed. Nothing is running.
    long chargedToday() {
        Awaitility.await("billing to have read every end")
                .atMost(Duration.ofSeconds(45))
                .until(
                        () ->
                                Answer.micros(
                                                patiently(() -> get("/billing/budget"))
                                                        .succeeded()
                                                        .body()
                                                        .get("held"))
                                        == 0);
        JsonNode list = patiently(() -> get("/agents")).succeeded().body();
        assertThat(list.get("count").asInt()).as("running agents").isZero();
        return Answer.micros(list.get("total_cost_today"));
    }

    public HttpRequest.Builder post(String path, JsonNode body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(gateway.resolve("/api" + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + key);
    }

    /// @throws UncheckedIOException when there was no answer
    public Answer send(HttpRequest.Builder request) {
        long begun = System.nanoTime();
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            return new Answer(
                    response.statusCode(),
                    response.headers(),
                    JSON.readTree(response.body()),
                    took);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
