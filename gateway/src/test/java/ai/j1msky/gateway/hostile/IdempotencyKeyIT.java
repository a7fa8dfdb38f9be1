package ai.j1msky.gateway.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.gateway.fixture.GatewayFixture;
import ai.j1msky.gateway.fixture.SharedGateway;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One `Idempotency-Key`, one agent; a malformed one is refused before anything is reserved.
@ExtendWith(SharedGateway.class)
class IdempotencyKeyIT {

    private static Ground ground;
    private static Ground others;

    @BeforeAll
    static void enter(GatewayFixture gateway) {
        ground = new Ground(gateway, "hostile-idempotency");
        others = new Ground(gateway, "hostile-idempotency-2");
    }

    @AfterAll
    static void leave() {
        ground.close();
        others.close();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedKeyIsRefused(Case row) {
        // Given
        Request request = row.request().apply(ground.key());

        // When
        Answer answer = ground.requireRefused(row.status(), request);

        // Then
        assertThat(answer.message()).contains(row.mention());
    }

    static Stream<Case> malformed() {
        return Stream.of(
                header("empty", "Idempotency-Key:"),
                header("blank", "Idempotency-Key:    "),
                header("256 characters", "Idempotency-Key: " + "k".repeat(256)),
                header("Latin-1", "Idempotency-Key: é"),
                header("a tab inside", "Idempotency-Key: a\tb"),
                header("two headers", "Idempotency-Key: a\r\nIdempotency-Key: a"),
                header("two headers in two cases", "Idempotency-Key: a\r\nidempotency-key: b"));
    }

    private static Case header(String name, String lines) {
        return new Case(name, 400, "Idempotency-Key", key -> spawn(key, "x").with(lines));
    }

    @Test
    void theSameRequestGetsTheSameAgent() {
        // Given
        String idempotency = "Idempotency-Key: " + UUID.randomUUID();
        Answer first = ground.send(spawn(ground.key(), "x").with(idempotency));

        // When
        Answer second = ground.send(spawn(ground.key(), "x").with(idempotency));

        // Then
        assertThat(first.status()).isEqualTo(200);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(second.header("idempotency-replayed")).isEqualTo("true");
        assertThat(ground.cancel(id(first)).status()).isEqualTo(200);
    }

    @Test
    void anotherRequestUnderTheSameKeyIsAConflict() {
        // Given
        String idempotency = "Idempotency-Key: " + "k".repeat(255 - 36) + UUID.randomUUID();
        Answer first = ground.send(spawn(ground.key(), "x").with(idempotency));

        // When
        Answer second = ground.requireRefused(409, spawn(ground.key(), "y").with(idempotency));

        // Then
        assertThat(second.message()).contains("Idempotency-Key");
        assertThat(ground.cancel(id(first)).status()).isEqualTo(200);
    }

    @Test
    void anotherAccountMayUseTheSameKey() {
        // Given
        String idempotency = "Idempotency-Key: " + UUID.randomUUID();
        Answer first = ground.send(spawn(ground.key(), "x").with(idempotency));

        // When
        Answer second = others.send(spawn(others.key(), "x").with(idempotency));

        // Then
        assertThat(second.status()).isEqualTo(200);
        assertThat(id(second)).isNotEqualTo(id(first));
        assertThat(ground.cancel(id(first)).status()).isEqualTo(200);
        assertThat(others.cancel(id(second)).status()).isEqualTo(200);
    }

    @Test
    void fiftyAtOnceMakeOneAgent() {
        // Given
        String idempotency = "Idempotency-Key: " + UUID.randomUUID();
        Request request = spawn(ground.key(), "x").with(idempotency);

        // When
        List<Answer> answers;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            answers =
                    IntStream.range(0, 50)
                            .mapToObj(
                                    n ->
                                            CompletableFuture.supplyAsync(
                                                    () -> ground.send(request), threads))
                            .toList()
                            .stream()
                            .map(CompletableFuture::join)
                            .toList();
        }

        // Then
        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(answers.stream().map(IdempotencyKeyIT::id).distinct()).hasSize(1);
        assertThat(ground.cancel(id(answers.getFirst())).status()).isEqualTo(200);
        assertThat(ground.traces().now().agents()).contains("\"count\":0");
    }

    private static Request spawn(String key, String task) {
        return Request.spawn(key, Bodies.spawn(task));
    }

    private static String id(Answer answer) {
        return answer.json().path("agent_id").stringValue("");
    }
}
