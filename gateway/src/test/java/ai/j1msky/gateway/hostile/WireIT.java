package ai.j1msky.gateway.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.gateway.fixture.GatewayFixture;
import ai.j1msky.gateway.fixture.SharedGateway;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes that are no HTTP, or HTTP that can be read in two ways, get the envelope from Netty's edge and a closed
/// connection; nothing behind the edge sees them.
@ExtendWith(SharedGateway.class)
class WireIT {

    private static final String GOOD = Bodies.spawn("x");
    private static final String CHUNKED =
            Integer.toHexString(GOOD.length()) + "\r\n" + GOOD + "\r\n0\r\n\r\n";
    private static GatewayFixture gateway;
    private static Ground ground;

    @BeforeAll
    static void enter(GatewayFixture shared) {
        gateway = shared;
        ground = new Ground(shared, "hostile-wire");
    }

    @AfterAll
    static void leave() {
        ground.close();
    }

    @ParameterizedTest
    @MethodSource({"requestLines", "targets", "hosts", "headers", "lengths", "brokenBodies"})
    void whatIsNoHttpIsRefusedAndTheConnectionClosed(Case row) {
        // Given
        Traces.Left before = ground.traces().now();
        Request request = row.request().apply(ground.key());

        // When
        try (RawConnection connection = new RawConnection(ground.port())) {
            connection.send(request.bytes());
            Answer answer = connection.read();

            // Then
            answer.requireProblem(row.status());
            assertThat(answer.closes()).as("Connection: close").isTrue();
            connection.awaitClose();
        }
        ground.traces().requireUnchangedSince(before);
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void aBrokenBodyIsOneRequestAndNoFaultOfOurs(Case row) {
        // Given
        byte[] request = row.request().apply(ground.key()).bytes();

        try (Faults faults = new Faults(gateway);
                RawConnection connection = new RawConnection(ground.port())) {
            long refused = faults.answers(400);

            // When
            connection.send(request);
            connection.read().requireProblem(400);
            connection.awaitClose();

            // Then
            await().until(() -> faults.answers(400) == refused + 1);
            faults.requireNone();
        }
    }

    @Test
    void aClientThatLeavesInItsBodyIsNoFaultOfOurs() {
        // Given
        Request half = json(ground.key()).with("Content-Length: 500").withRaw("{\"task\"");

        try (Faults faults = new Faults(gateway)) {
            long refused = faults.answers(400);

            // When
            try (RawConnection connection = new RawConnection(ground.port())) {
                connection.send(half.bytes());
            }

            // Then
            await().until(() -> faults.answers(400) == refused + 1);
            faults.requireNone();
        }
    }

    @Test
    void aBrokenBodyBehindAnotherRequestIsNotTakenForAWholeOne() {
        // Given
        Traces.Left before = ground.traces().now();
        String chunk = Integer.toHexString(GOOD.length()) + "\r\n" + GOOD + "\r\n";
        Request first = Request.get("/api/agents").bearer(ground.key());
        Request broken = json(ground.key()).with("Transfer-Encoding: chunked");

        try (RawConnection connection = new RawConnection(ground.port())) {
            // When
            connection.send(together(first.bytes(), broken.withRaw(chunk + "zz\r\n").bytes()));

            // Then
            assertThat(connection.read().status()).isEqualTo(200);
            connection.read().requireProblem(400);
            connection.awaitClose();
        }
        ground.traces().requireUnchangedSince(before);
    }

    private static byte[] together(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    static Stream<Case> requestLines() {
        return Stream.of(
                line("a word", 400, "garbage"),
                line("an empty method", 400, " /api/agents HTTP/1.1"),
                line("no version", 400, "GET /api/agents"),
                line("no target", 400, "GET HTTP/1.1"),
                line("four words", 400, "GET /api/agents x HTTP/1.1"),
                line("a version that is none", 400, "GET /api/agents HTTP/x.y"),
                line("another protocol", 400, "GET /api/agents FTP/1.1"),
                line("version 2.0", 505, "GET /api/agents HTTP/2.0"),
                line("version 1.2", 505, "GET /api/agents HTTP/1.2"),
                line("version 0.9", 505, "GET /api/agents HTTP/0.9"),
                line("the preface of HTTP/2", 505, "PRI * HTTP/2.0"),
                line("a NUL in the method", 400, "G\0ET /api/agents HTTP/1.1"),
                line("a NUL in the target", 400, "GET /api/agents\0 HTTP/1.1"),
                line("a method with a colon", 400, "GE:T /api/agents HTTP/1.1"),
                line("TLS", 400, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003"),
                line("16 KB of target", 414, "GET /" + "a".repeat(16_384) + " HTTP/1.1"),
                line("16 KB of query", 414, "GET /?" + "a".repeat(16_384) + " HTTP/1.1"),
                line("16 KB of method", 414, "A".repeat(16_384) + " / HTTP/1.1"));
    }

    static Stream<Case> headers() {
        return Stream.of(
                spawnWith("a header without a colon", 400, r -> r.with("NoColon")),
                spawnWith("a header without a name", 400, r -> r.with(": x")),
                spawnWith("a space before the colon", 400, r -> r.with("Content-Length : 5")),
                spawnWith("a NUL in a value", 400, r -> r.with("X-Evil: a\0b")),
                spawnWith("a NUL in a name", 400, r -> r.with("X-E\0vil: a")),
                spawnWith("a bare CR in a value", 400, r -> r.with("X-Evil: a\rb")),
                spawnWith("a space in a name", 400, r -> r.with("X Evil: a")),
                spawnWith("64 KiB in one header", 431, r -> r.with("X: " + "a".repeat(65_536))),
                spawnWith("64 KiB in 4,096", 431, r -> r.with(many("X-a: 1234567890", 4_096))));
    }

    static Stream<Case> lengths() {
        return Stream.of(
                raw("two lengths", "Content-Length: 5\r\nContent-Length: 6", "12345"),
                raw("a list of lengths", "Content-Length: 5, 6", "12345"),
                raw("a negative length", "Content-Length: -1", ""),
                raw("a signed length", "Content-Length: +5", "12345"),
                raw("a length in hex", "Content-Length: 0x5", "12345"),
                raw("a length in words", "Content-Length: five", "12345"),
                raw("no length", "Content-Length:", ""),
                raw("a length past long", "Content-Length: 99999999999999999999", "12345"),
                raw(
                        "a length beside chunks",
                        "Content-Length: 5\r\nTransfer-Encoding: chunked",
                        CHUNKED),
                raw(
                        "chunks beside a length",
                        "Transfer-Encoding: chunked\r\nContent-Length: 5",
                        CHUNKED),
                raw("chunked twice", "Transfer-Encoding: chunked, chunked", CHUNKED),
                raw("an unknown coding", "Transfer-Encoding: xchunked", CHUNKED),
                raw("chunks, then not", "Transfer-Encoding: chunked, identity", CHUNKED),
                raw("a hidden coding", "Transfer-Encoding:\u000bchunked", CHUNKED));
    }

    static Stream<Case> brokenBodies() {
        return Stream.of(
                raw("a chunk size in words", "Transfer-Encoding: chunked", "zz\r\n" + GOOD),
                raw("a negative chunk", "Transfer-Encoding: chunked", "-5\r\n12345\r\n0\r\n\r\n"),
                raw("a chunk past int", "Transfer-Encoding: chunked", "fffffffff\r\n12345"),
                raw(
                        "a chunk longer than its size",
                        "Transfer-Encoding: chunked",
                        "2\r\n{}}}}\r\n"));
    }

    private static Case line(String name, int status, String line) {
        return Case.of(name, status, key -> Request.line(line).bearer(key));
    }

    private static Case spawnWith(String name, int status, UnaryOperator<Request> change) {
        return Case.of(
                name,
                status,
                key ->
                        change.apply(json(key))
                                .with("Content-Length: " + GOOD.length())
                                .withRaw(GOOD));
    }

    private static Case raw(String name, String headers, String body) {
        return Case.of(name, 400, key -> json(key).with(headers).withRaw(body));
    }

    private static Request json(String key) {
        return Request.post("/api/spawn").bearer(key).with("Content-Type: application/json");
    }

    private static String many(String header, int count) {
        return (header + "\r\n").repeat(count - 1) + header;
    }

    @Test
    void anAbsoluteTargetIsReadByItsPathAlone() {
        // Given
        Request known = Request.get("http://elsewhere.example/api/agents").bearer(ground.key());
        Request unknown = Request.get("http://127.0.0.1:1/other").bearer(ground.key());

        // When
        Answer found = ground.send(known);
        Answer missing = ground.send(unknown);

        // Then
        assertThat(found.status()).isEqualTo(200);
        missing.requireProblem(404);
    }

    static Stream<Case> targets() {
        return Stream.of(
                line("an asterisk", 400, "OPTIONS * HTTP/1.1"),
                line("a tunnel", 400, "CONNECT 127.0.0.1:6379 HTTP/1.1"),
                line("a query alone", 400, "GET ?x=1 HTTP/1.1"),
                line("a path without its slash", 400, "GET api/agents HTTP/1.1"),
                line("a fragment", 400, "GET /api/agents#x HTTP/1.1"),
                line("a user", 400, "GET http://me@localhost/api/agents HTTP/1.1"),
                line("another scheme", 400, "GET ftp://localhost/api/agents HTTP/1.1"),
                line("a scheme without a host", 400, "GET http:// HTTP/1.1"),
                line("a broken escape", 400, "GET /api/agents%zz HTTP/1.1"),
                line("half an escape", 400, "GET /api/agents% HTTP/1.1"),
                line("a brace", 400, "GET /api/{agents} HTTP/1.1"),
                line("a backslash", 400, "GET /api\\agents HTTP/1.1"));
    }

    static Stream<Case> hosts() {
        return Stream.of(
                hosts("no host"),
                hosts("an empty host", "Host:"),
                hosts("two hosts", "Host: localhost", "Host: localhost"),
                hosts("a host that is none", "Host: a b:c"),
                hosts("a user before the host", "Host: me@localhost"),
                hosts("a host and a path", "Host: localhost/api"));
    }

    private static Case hosts(String name, String... headers) {
        return Case.of(
                name,
                400,
                key ->
                        new Request("GET /api/agents HTTP/1.1", List.of(headers), new byte[0])
                                .bearer(key));
    }

    @Test
    void aRefusedHeadWaitsForTheAnswerBeforeIt() {
        // Given
        Request good = Request.get("/api/agents").bearer(ground.key());
        Request refused = Request.line("GET /api/agents HTTP/1.2").bearer(ground.key());

        try (RawConnection connection = new RawConnection(ground.port())) {
            // When
            connection.send(together(good.bytes(), refused.bytes()));

            // Then
            assertThat(connection.read().status()).isEqualTo(200);
            connection.read().requireProblem(505);
            connection.awaitClose();
        }
    }

    @Test
    void oldClientsAreServedAndTheirConnectionClosed() {
        // Given
        Request request = Request.line("GET /api/agents HTTP/1.0").bearer(ground.key());

        try (RawConnection connection = new RawConnection(ground.port())) {
            // When
            connection.send(request.bytes());
            Answer answer = connection.read();

            // Then
            assertThat(answer.status()).isEqualTo(200);
            connection.awaitClose();
        }
    }

    @Test
    void aRequestInsideABodyIsNotARequest() {
        // Given
        byte[] inner = Request.delete("/api/agent/x").bearer(ground.key()).bytes();
        Request outer = Request.get("/api/agents").bearer(ground.key()).withBody(inner);

        try (RawConnection connection = new RawConnection(ground.port())) {
            // When
            connection.send(outer.bytes());

            // Then
            assertThat(connection.read().json().has("agents")).isTrue();
            connection.awaitClose();
        }
    }

    @Test
    void aConnectionStaysOpenAfterABodyThatWasRead() {
        // Given
        Request read = Request.spawn(ground.key(), "{}");

        try (RawConnection connection = new RawConnection(ground.port())) {
            // When
            connection.send(read.bytes());
            connection.read().requireProblem(400);
            connection.send(Request.get("/healthz").bytes());

            // Then
            assertThat(connection.read().status()).isEqualTo(200);
        }
    }

    @Test
    void noAnswerMayBeKept() {
        // When
        Answer answer = ground.send(Request.get("/api/agents").bearer(ground.key()));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
    }

    @Test
    void aHeadRequestGetsNoBody() {
        // Given
        Request request = Request.line("HEAD /api/agents HTTP/1.1").bearer(ground.key());

        try (RawConnection connection = new RawConnection(ground.port())) {
            // When
            connection.send(request.bytes());
            String answer = connection.headOnly();

            // Then
            assertThat(answer).startsWith("HTTP/1.1 405");
            connection.send(Request.get("/healthz").bytes());
            assertThat(connection.read().status()).isEqualTo(200);
        }
    }

    @Test
    void anAnswerShowsNothingOfWhatWasSent() {
        // Given
        String evil = "<script>alert('" + "x".repeat(10) + "')</script>";
        byte[] body = Bodies.with("\"" + evil + "\":1").getBytes(UTF_8);

        // When
        Answer answer =
                ground.send(Request.spawn(ground.key(), body).with("X-Request-Id: " + evil));

        // Then
        answer.requireProblem(400);
        assertThat(new String(answer.body(), ISO_8859_1)).doesNotContain(ground.key());
        assertThat(answer.header("x-request-id")).doesNotContain("script");
    }
}
