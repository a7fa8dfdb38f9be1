package ai.j1msky.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {

    private static final Duration A_MOMENT = Duration.ofMillis(500);
    private static final int CONNECTIONS = 4;

    @Test
    void everyAnswerOfTheMeasuredTimeIsCounted() throws IOException {
        try (ScriptedServer server =
                ScriptedServer.start(n -> ScriptedServer.withLength(200, "{}"))) {
            // When
            LoadResult result = LoadGenerator.run(plan(server.address(), Duration.ZERO));

            // Then
            long answered = result.successes();
            assertThat(server.requests()).isBetween(answered, answered + CONNECTIONS);
            assertThat(result.latencies().getTotalCount()).isEqualTo(answered);
            assertThat(result.elapsed()).isGreaterThanOrEqualTo(A_MOMENT);
            assertThat(result.orFail("load").rate()).isPositive();
        }
    }

    @Test
    void answersOfTheWarmUpAreNotCounted() throws IOException {
        try (ScriptedServer server =
                ScriptedServer.start(n -> ScriptedServer.withLength(200, "{}"))) {
            // When
            LoadResult result = LoadGenerator.run(plan(server.address(), A_MOMENT));

            // Then
            assertThat(result.successes()).isLessThan(server.requests() - CONNECTIONS);
        }
    }

    @Test
    void anAnswerOtherThan200IsCountedAndFailsTheRun() throws IOException {
        // Given
        try (ScriptedServer server =
                ScriptedServer.start(
                        n -> ScriptedServer.withLength(n % 10 == 3 ? 503 : 200, "{}"))) {
            // When
            LoadResult result = LoadGenerator.run(plan(server.address(), Duration.ZERO));

            // Then
            assertThat(result.answered()).containsOnlyKeys(200, 503);
            assertThatThrownBy(() -> result.orFail("load"))
                    .isInstanceOf(UnexpectedAnswersException.class)
                    .hasMessageContaining("load")
                    .hasMessageContaining(" x 503");
        }
    }

    @Test
    void aRefusalThatIsExpectedCountsLikeAnyAnswer() throws IOException {
        // Given
        try (ScriptedServer server =
                ScriptedServer.start(n -> ScriptedServer.withLength(401, "{}"))) {
            // When
            LoadResult result = LoadGenerator.run(plan(server.address(), 401, Duration.ZERO));

            // Then
            assertThat(result.orFail("load").successes()).isPositive();
            assertThat(result.rate()).isPositive();
        }
    }

    @Test
    void chunkedAnswersAndThoseWithALengthMayFollowEachOther() throws IOException {
        // Given
        String chunked =
                ScriptedServer.response(
                        200,
                        "Transfer-Encoding: chunked\r\n",
                        "2;x=y\r\n{}\r\nA\r\n0123456789\r\n0\r\n\r\n");
        try (ScriptedServer server =
                ScriptedServer.start(
                        n -> n % 2 == 0 ? chunked : ScriptedServer.withLength(200, "{}"))) {
            // When
            LoadResult result = LoadGenerator.run(plan(server.address(), Duration.ZERO));

            // Then
            assertThat(result.orFail("load").successes()).isGreaterThan(2);
        }
    }

    @Test
    void aConnectionClosedMidRunIsCountedAndReplaced() throws IOException {
        // Given
        try (ScriptedServer server =
                ScriptedServer.start(
                        n ->
                                n == 5
                                        ? ScriptedServer.HANG_UP
                                        : ScriptedServer.withLength(200, "{}"))) {
            // When
            LoadResult result = LoadGenerator.run(plan(server.address(), Duration.ZERO));

            // Then
            assertThat(result.brokenConnections()).isEqualTo(1);
            assertThat(result.successes()).isGreaterThan(5);
            assertThatThrownBy(() -> result.orFail("load"))
                    .hasMessageContaining("broken connections: 1");
        }
    }

    @Test
    void aServerMayCloseAConnectionWhenItSaysSo() throws IOException {
        // Given
        String last =
                ScriptedServer.response(200, "Content-Length: 0\r\nConnection: close\r\n", "");
        try (ScriptedServer server =
                ScriptedServer.start(
                        n -> n % 5 == 4 ? last : ScriptedServer.withLength(200, "{}"))) {
            // When
            LoadResult result = LoadGenerator.run(plan(server.address(), Duration.ZERO));

            // Then
            assertThat(result.orFail("load").brokenConnections()).isZero();
        }
    }

    @Test
    void aServerThatDoesNotListenEndsTheRunAtOnce() throws IOException {
        // Given
        ScriptedServer server = ScriptedServer.start(n -> ScriptedServer.HANG_UP);
        server.close();

        // When
        LoadResult result = LoadGenerator.run(plan(server.address(), Duration.ofMinutes(1)));

        // Then
        assertThat(result.brokenConnections()).isGreaterThanOrEqualTo(CONNECTIONS);
        assertThatThrownBy(() -> result.orFail("load")).hasMessageContaining("no answer");
    }

    @Test
    void aBlockingClientReturnsTheWholeAnswer() throws IOException {
        // Given
        try (ScriptedServer server =
                        ScriptedServer.start(
                                n -> ScriptedServer.withLength(200, "{\"n\":" + n + "}"));
                BlockingClient client = BlockingClient.connect(server.address())) {
            client.exchange(HttpRequest.get("/", ""));

            // When
            BlockingClient.Answer second = client.exchange(HttpRequest.get("/", "key"));

            // Then
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.body()).isEqualTo("{\"n\":1}");
        }
    }

    private static LoadPlan plan(InetSocketAddress server, Duration warmUp) {
        return plan(server, 200, warmUp);
    }

    private static LoadPlan plan(InetSocketAddress server, int expected, Duration warmUp) {
        List<HttpRequest> requests = List.of(HttpRequest.get("/a", ""), HttpRequest.get("/b", ""));
        return new LoadPlan(server, requests, expected, CONNECTIONS, warmUp, A_MOMENT);
    }
}
