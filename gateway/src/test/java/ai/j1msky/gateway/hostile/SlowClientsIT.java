package ai.j1msky.gateway.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.gateway.fixture.GatewayFixture;
import ai.j1msky.gateway.fixture.SharedGateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A client that sends too much or too slowly is cut off in bounded time and with bounded memory.
@ExtendWith(SharedGateway.class)
class SlowClientsIT {

    private static final Duration BOUND = Duration.ofSeconds(17);
    private static final int TEN_MEGABYTES = 10_000_000;
    private static final int MEBIBYTE = 1024 * 1024;
    private static final int ROOMS = 32;
    private static GatewayFixture gateway;
    private static Ground ground;

    @BeforeAll
    static void enter(GatewayFixture shared) {
        gateway = shared;
        ground = new Ground(shared, "hostile-slow");
    }

    @AfterAll
    static void leave() {
        ground.close();
    }

    /// Who sends its bytes a few at a time, or stops: a start, and what it repeats every half second.
    @SuppressWarnings("ArrayRecordComponent") // bytes on the wire, never compared
    private record Drip(String name, byte[] start, byte[] drop, boolean answered) {}

    /// How a connection ended.
    private record End(Drip drip, Optional<Answer> answer, Duration taken) {}

    @Test
    void whoDoesNotComeToAnEndIsCutOff() {
        try (Faults faults = new Faults(gateway);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given: all at once, as each waits for a deadline
            List<CompletableFuture<End>> started =
                    drips().map(drip -> supplyAsync(() -> end(drip), clients)).toList();

            // When
            List<End> ends = started.stream().map(CompletableFuture::join).toList();

            // Then
            assertThat(ends).allSatisfy(SlowClientsIT::requireCutOff);
            faults.requireNone();
        }
    }

    private static End end(Drip drip) {
        long started = System.nanoTime();
        AtomicInteger turn = new AtomicInteger();
        try (RawConnection connection = new RawConnection(ground.port());
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            connection.send(drip.start());
            if (drip.drop().length > 0) {
                clock.scheduleAtFixedRate(
                        () -> {
                            int at = turn.getAndIncrement() % drip.drop().length;
                            connection.send(new byte[] {drip.drop()[at]});
                        },
                        500,
                        500,
                        TimeUnit.MILLISECONDS);
            }
            Optional<Answer> answer = connection.next();
            if (answer.isPresent()) {
                connection.awaitClose();
            }
            clock.shutdownNow();
            return new End(drip, answer, elapsed(started));
        }
    }

    private static void requireCutOff(End end) {
        assertThat(end.taken()).as(end.drip().name()).isLessThan(BOUND);
        assertThat(end.answer().isPresent()).as(end.drip().name()).isEqualTo(end.drip().answered());
        end.answer().ifPresent(given -> given.requireProblem(408));
    }

    private static Stream<Drip> drips() {
        byte[] nothing = {};
        byte[] x = bytes("x");
        String json = "\r\nContent-Type: application/json\r\nAuthorization: Bearer " + "%s";
        String head = "POST /api/spawn HTTP/1.1\r\nHost: a" + json.formatted(ground.key());
        return Stream.of(
                new Drip("nothing at all", nothing, nothing, true),
                new Drip("half a request line", bytes("GET /api"), nothing, true),
                new Drip("a request line without an end", bytes("GET /"), x, true),
                new Drip("headers that stop", bytes(head + "\r\nX-A: "), nothing, true),
                new Drip("headers without an end", bytes(head + "\r\nX-A: "), x, true),
                new Drip("blank lines without an end", nothing, bytes("\r\n"), true),
                new Drip(
                        "a body that stops",
                        bytes(head + "\r\nContent-Length: 50\r\n\r\n{"),
                        nothing,
                        true),
                new Drip(
                        "a body in single bytes",
                        bytes(head + "\r\nContent-Length: 500\r\n\r\n{"),
                        bytes(" "),
                        true),
                new Drip(
                        "chunks without an end",
                        bytes(head + "\r\nTransfer-Encoding: chunked\r\n\r\n"),
                        bytes("1\r\n \r\n"),
                        true));
    }

    @Test
    void whoWaitsForAnAnswerMayHaveBegunTheNextRequest() {
        // Given
        String id = ground.spawn();
        Request wait = Request.get("/api/agent/" + id + "?wait=11").bearer(ground.key());

        try (RawConnection connection = new RawConnection(ground.port())) {
            // When
            connection.send(wait.bytes());
            connection.send(bytes("\r\nGET /heal"));
            Answer waited = connection.read();
            connection.send(bytes("thz HTTP/1.1\r\nHost: a\r\n\r\n"));

            // Then
            assertThat(waited.status()).isEqualTo(200);
            assertThat(connection.read().status()).isEqualTo(200);
            assertThat(ground.cancel(id).status()).isEqualTo(200);
        }
    }

    @Test
    @Timeout(
            value = 60,
            threadMode = ThreadMode.SEPARATE_THREAD) // a write that is stuck ignores interrupts
    void whoReadsNoAnswersIsCutOff() {
        // Given
        byte[] question = Request.get("/api/agents").bearer(ground.key()).bytes();

        try (Faults faults = new Faults(gateway);
                RawConnection connection = RawConnection.readingLittle(ground.port())) {
            // When: the answers fill what the operating system keeps for the client
            while (connection.send(question)) {}

            // Then
            faults.requireNone();
        }
    }

    @Test
    void whoIsRefusedMayNotKeepSendingItsBody() {
        // Given
        byte[] head =
                bytes("POST /api/spawn HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] chunk = bytes("10000\r\n" + " ".repeat(0x10000) + "\r\n");
        long started = System.nanoTime();

        try (RawConnection connection = new RawConnection(ground.port())) {
            // When
            connection.send(head);
            Answer answer = connection.read();
            long sent = 0;
            while (connection.send(chunk) && elapsed(started).compareTo(BOUND) < 0) {
                sent += chunk.length;
            }

            // Then
            answer.requireProblem(401);
            assertThat(elapsed(started)).isLessThan(BOUND);
            assertThat(sent).isLessThan(64L * 1024 * 1024);
        }
    }

    @ParameterizedTest
    @MethodSource("unread")
    void anAnswerBeforeTheBodyEndsTheConnection(Case row) {
        // Given
        Request request = row.request().apply(ground.key()).with("Content-Length: 99999");

        try (RawConnection connection = new RawConnection(ground.port());
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            // When
            connection.send(request.bytes());
            clock.scheduleAtFixedRate(
                    () -> connection.send(new byte[] {' '}), 0, 100, TimeUnit.MILLISECONDS);
            Answer answer = connection.read();

            // Then
            assertThat(answer.status()).isEqualTo(row.status());
            assertThat(answer.closes()).isTrue();
            connection.awaitClose();
        }
    }

    static Stream<Case> unread() {
        return Stream.of(
                Case.of("a probe", 200, key -> Request.get("/healthz")),
                Case.of("a list", 200, key -> Request.get("/api/agents").bearer(key)),
                Case.of("a bad query", 400, key -> Request.get("/api/agents?x=1").bearer(key)),
                Case.of("a bad query on spawn", 400, SlowClientsIT::spawnWithQuery),
                Case.of("no such agent", 404, key -> Request.delete("/api/agent/x").bearer(key)),
                Case.of("no key", 401, key -> Request.post("/api/spawn")));
    }

    private static Request spawnWithQuery(String key) {
        return Request.post("/api/spawn?x=1").bearer(key).with("Content-Type: application/json");
    }

    @Test
    void whoSendsAllOfARefusedBodyBeforeReadingStillGetsTheAnswer() {
        // Given
        byte[] request = json(ground.key()).withBody(new byte[TEN_MEGABYTES]).bytes();

        // When
        try (RawConnection connection = new RawConnection(ground.port())) {
            connection.send(request);
            Answer answer = connection.read();

            // Then
            answer.requireProblem(413);
            connection.awaitClose();
        }
    }

    @ParameterizedTest
    @MethodSource("heaps")
    void aBodyOfTenMegabytesIsRefusedUnread(Case row) {
        // Given
        Traces.Left before = ground.traces().now();
        byte[] request = row.request().apply(ground.key()).bytes();

        // When
        try (RawConnection connection = new RawConnection(ground.port())) {
            Thread sender = Thread.ofVirtual().start(() -> connection.send(request));
            Answer answer = connection.read();

            // Then
            answer.requireProblem(row.status());
            assertThat(answer.closes()).isTrue();
            connection.awaitClose();
            assertThat(sender).isNotNull();
        }
        ground.traces().requireUnchangedSince(before);
    }

    static Stream<Case> heaps() {
        String chunks = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").repeat(160);
        return Stream.of(
                Case.of("with its length", 413, key -> json(key).withBody(new byte[TEN_MEGABYTES])),
                Case.of(
                        "with its length, and the rest never sent",
                        413,
                        key -> json(key).with("Content-Length: " + TEN_MEGABYTES).withRaw("{")),
                Case.of(
                        "in chunks",
                        413,
                        key -> json(key).with("Transfer-Encoding: chunked").withRaw(chunks)),
                Case.of(
                        "after waiting for 100 Continue",
                        413,
                        key ->
                                json(key)
                                        .with("Expect: 100-continue")
                                        .with("Content-Length: " + TEN_MEGABYTES)));
    }

    @Test
    void largeBodiesThatNeverEndTakeABoundedRoomAndGiveItBack() {
        // Given
        List<RawConnection> slow = new ArrayList<>();
        Request large = json(ground.key()).with("Content-Length: " + MEBIBYTE).withRaw("{");
        byte[] chunks =
                json(ground.key()).with("Transfer-Encoding: chunked").withRaw("1\r\n{").bytes();
        try (Faults counted = new Faults(gateway)) {
            long before = counted.answers(503);
            for (int i = 0; i < ROOMS + 8; i++) {
                RawConnection connection = new RawConnection(ground.port());
                connection.send(i % 2 == 0 ? large.bytes() : chunks);
                slow.add(connection);
            }
            await().until(() -> counted.answers(503) == before + 8);
        }

        // When
        Answer refused = ground.send(large);
        Answer small = ground.send(Request.spawn(ground.key(), "{}"));
        slow.forEach(RawConnection::close);
        Request whole = json(ground.key()).withBody(new byte[MEBIBYTE]);
        Answer taken = await().until(() -> ground.send(whole), answer -> answer.status() != 503);

        // Then
        refused.requireProblem(503);
        assertThat(refused.header("retry-after")).isEqualTo("1");
        assertThat(refused.closes()).isTrue();
        small.requireProblem(400);
        taken.requireProblem(400);
    }

    @Test
    void aClientThatWaitsForContinueIsToldToGoOn() {
        // Given
        byte[] body = bytes(Bodies.spawn("x"));
        Request head =
                json(ground.key())
                        .with("Expect: 100-continue")
                        .with("Content-Length: " + body.length);

        try (RawConnection connection = new RawConnection(ground.port())) {
            // When
            connection.send(head.bytes());
            Answer goOn = connection.read();
            connection.send(body);
            Answer answer = connection.read();

            // Then
            assertThat(goOn.status()).isEqualTo(100);
            assertThat(answer.status()).isEqualTo(200);
            String id = answer.json().path("agent_id").stringValue();
            assertThat(ground.cancel(id).status()).isEqualTo(200);
        }
    }

    private static Request json(String key) {
        return Request.post("/api/spawn").bearer(key).with("Content-Type: application/json");
    }

    private static Duration elapsed(long since) {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
