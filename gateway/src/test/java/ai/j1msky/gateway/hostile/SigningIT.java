package ai.j1msky.gateway.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.signing.RequestSignature;
import ai.j1msky.gateway.fixture.GatewayFixture;
import ai.j1msky.gateway.fixture.SharedGateway;
import ai.j1msky.gateway.problem.Problem;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A signature is checked whenever there is one, against the very bytes that were sent, once (H35).
@ExtendWith(SharedGateway.class)
class SigningIT {

    private static final String ACCOUNT = "hostile-signing";
    private static final AtomicLong FRACTION = new AtomicLong();
    private static Ground ground;
    private static MintedKey strict;
    private static MintedKey lenient;

    @BeforeAll
    static void enter(GatewayFixture shared) {
        ground = new Ground(shared, ACCOUNT);
        strict = shared.signingKey(ACCOUNT, true, Scope.AGENTS_READ, Scope.AGENTS_WRITE);
        lenient = shared.signingKey(ACCOUNT, false, Scope.AGENTS_READ, Scope.AGENTS_WRITE);
    }

    @AfterAll
    static void leave() {
        ground.close();
    }

    /// A request, what of it is signed, and what its headers then say.
    record Signed(
            MintedKey key,
            String method,
            String target,
            String body,
            String timestamp,
            String apiSecret) {

        static Signed get(String target) {
            return new Signed(strict, "GET", target, "", now(), strict.apiSecret());
        }

        static Signed spawn() {
            return spawn(Bodies.spawn("sign"));
        }

        static Signed spawn(String body) {
            return new Signed(strict, "POST", "/api/spawn", body, now(), strict.apiSecret());
        }

        Signed at(String time) {
            return new Signed(key, method, target, body, time, apiSecret);
        }

        Signed with(String secret) {
            return new Signed(key, method, target, body, timestamp, secret);
        }

        Signed by(MintedKey other) {
            return new Signed(other, method, target, body, timestamp, other.apiSecret());
        }

        String signature() {
            return RequestSignature.of(apiSecret, timestamp, method, target, body.getBytes(UTF_8))
                    .hex();
        }

        Request request() {
            return sent(method, target, body, timestamp, signature());
        }

        /// Sent otherwise than it was signed.
        Request sentAs(String otherMethod, String otherTarget, String otherBody) {
            return sent(otherMethod, otherTarget, otherBody, timestamp, signature());
        }

        Request withSignature(String text) {
            return sent(method, target, body, timestamp, text);
        }

        private Request sent(
                String sentMethod, String sentTarget, String sentBody, String time, String text) {
            Request request =
                    Request.line(sentMethod + " " + sentTarget + " HTTP/1.1")
                            .bearer(key.text().reveal())
                            .with("X-Timestamp: " + time)
                            .with("X-Signature: " + text);
            return sentBody.isEmpty()
                    ? request
                    : request.with("Content-Type: application/json")
                            .withBody(sentBody.getBytes(UTF_8));
        }
    }

    @ParameterizedTest
    @MethodSource("good")
    void aGoodSignatureIsLetIn(Case row) {
        // Given
        Request request = row.request().apply("");

        // When
        Answer answer = ground.send(request);

        // Then
        assertThat(answer.status()).as(answer.message()).isEqualTo(row.status());
    }

    static Stream<Case> good() {
        String agent = "/api/agent/subagent_1_123456789012";
        return Stream.of(
                good("a read", 200, Signed.get("/api/agents")),
                good("a query", 200, Signed.get("/api/agents?limit=5&status=running")),
                good("an empty query", 200, Signed.get("/api/agents?")),
                good("a spawn", 200, Signed.spawn()),
                good("a spawn in many scripts", 200, Signed.spawn(Bodies.spawn("Grüße 世界 🌍"))),
                good("white space in the body", 200, Signed.spawn(" " + Bodies.spawn("x") + "\n")),
                good("a naive time", 200, Signed.get("/api/agents").at(naive(0))),
                good("a naive time in microseconds", 200, Signed.get("/api/agents").at(micros())),
                good("an offset", 200, Signed.get("/api/agents").at(offset())),
                Case.of(
                        "some time ago",
                        200,
                        key -> Signed.get("/api/agents").at(naive(-290)).request()),
                Case.of(
                        "ahead of time",
                        200,
                        key -> Signed.get("/api/agents").at(naive(290)).request()),
                good(
                        "an unknown agent",
                        404,
                        new Signed(strict, "DELETE", agent, "", now(), strict.apiSecret())),
                good("an unknown path", 404, Signed.get("/api/none")),
                good("an unknown parameter", 400, Signed.get("/api/agents?x=1")),
                good("a body of nonsense", 400, Signed.spawn("{")),
                good(
                        "a body nobody reads",
                        404,
                        new Signed(strict, "DELETE", agent, "x", now(), strict.apiSecret())),
                good("a key that need not", 200, Signed.get("/api/agents").by(lenient)),
                Case.of(
                        "upper-case hex",
                        200,
                        key -> {
                            Signed signed = Signed.get("/api/agents");
                            return signed.withSignature(
                                    signed.signature().toUpperCase(Locale.ROOT));
                        }),
                Case.of(
                        "a chunked body",
                        200,
                        key -> {
                            Signed signed = Signed.spawn(Bodies.spawn("chunks"));
                            String body = signed.body();
                            return signed.sentAs("POST", "/api/spawn", "")
                                    .with("Content-Type: application/json")
                                    .with("Transfer-Encoding: chunked")
                                    .withRaw(
                                            "5\r\n"
                                                    + body.substring(0, 5)
                                                    + "\r\n"
                                                    + Integer.toHexString(body.length() - 5)
                                                    + "\r\n"
                                                    + body.substring(5)
                                                    + "\r\n0\r\n\r\n");
                        }));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void anythingElseIsRefusedAndLeavesNothingBehind(Case row) {
        // Given
        Request request = row.request().apply("");

        // When
        Answer answer = ground.requireRefused(row.status(), request);

        // Then
        assertThat(answer.message()).isEqualTo(row.mention());
        assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
    }

    static Stream<Case> bad() {
        String body = Bodies.spawn("sign");
        return Stream.of(
                bad(
                        "no headers at all",
                        Problem.SIGNATURE_MISSING,
                        Request.spawn(strict.text().reveal(), body)),
                bad(
                        "no signature",
                        Problem.SIGNATURE_REFUSED,
                        Request.spawn(strict.text().reveal(), body).with("X-Timestamp: " + now())),
                bad(
                        "no timestamp",
                        Problem.TIMESTAMP_REFUSED,
                        Request.spawn(strict.text().reveal(), body)
                                .with("X-Signature: " + Signed.spawn().signature())),
                bad(
                        "no timestamp, from a key that need not sign",
                        Problem.TIMESTAMP_REFUSED,
                        Request.spawn(lenient.text().reveal(), body)
                                .with("X-Signature: " + Signed.spawn().signature())),
                bad(
                        "a wrong one, from a key that need not sign",
                        Problem.SIGNATURE_REFUSED,
                        Signed.spawn().by(lenient).with("wrong").request()),
                wrong("another secret", Signed.spawn().with("wrong").request()),
                wrong("another key's secret", Signed.spawn().with(lenient.apiSecret()).request()),
                wrong("an empty signature", Signed.spawn().withSignature("")),
                wrong("a cut signature", cut(Signed.spawn())),
                wrong("a longer signature", longer(Signed.spawn())),
                wrong("no hex", Signed.spawn().withSignature("g".repeat(64))),
                wrong("zeros", Signed.spawn().withSignature("0".repeat(64))),
                wrong("letters beyond ASCII", Signed.spawn().withSignature("é".repeat(64))),
                wrong(
                        "two signatures",
                        Signed.spawn().request().with("X-Signature: " + "0".repeat(64))),
                wrong(
                        "a body changed by one space",
                        Signed.spawn(body).sentAs("POST", "/api/spawn", body + " ")),
                wrong(
                        "a body that was not signed",
                        Signed.spawn("").sentAs("POST", "/api/spawn", body)),
                wrong("a signed body that is not sent", unsent(Signed.spawn(body))),
                wrong(
                        "a body that nobody reads",
                        new Signed(
                                        strict,
                                        "DELETE",
                                        "/api/agent/subagent_1_123456789012",
                                        "",
                                        now(),
                                        strict.apiSecret())
                                .sentAs("DELETE", "/api/agent/subagent_1_123456789012", "{}")),
                wrong(
                        "another query",
                        Signed.get("/api/agents?limit=5").sentAs("GET", "/api/agents?limit=6", "")),
                wrong(
                        "a query that was not signed",
                        Signed.get("/api/agents").sentAs("GET", "/api/agents?limit=6", "")),
                wrong(
                        "another path to the same",
                        Signed.spawn(body).sentAs("POST", "/api/./spawn", body)),
                wrong(
                        "an escaped path",
                        Signed.get("/api/agents").sentAs("GET", "/api/%61gents", "")),
                wrong(
                        "another method",
                        Signed.get("/api/agent/subagent_1_123456789012")
                                .sentAs("DELETE", "/api/agent/subagent_1_123456789012", "")),
                late("301 seconds ago", -301),
                late("310 seconds ahead", 310),
                late("a time of day alone", Signed.spawn().at("12:00:00Z")),
                late("seconds since the epoch", Signed.spawn().at("1795608000")),
                late("an empty time", Signed.spawn().at("")),
                late("a word", Signed.spawn().at("now")),
                late("an HTTP date", Signed.spawn().at("Wed, 25 Nov 2026 12:00:00 GMT")),
                late("a day that is none", Signed.spawn().at("2026-02-30T12:00:00Z")),
                late("a year of ten digits", Signed.spawn().at("+1000000000-01-01T00:00:00Z")),
                bad(
                        "two times",
                        Problem.TIMESTAMP_REFUSED,
                        Signed.spawn().request().with("X-Timestamp: " + now())));
    }

    @Test
    void aSignatureIsGoodForOneRequest() {
        // Given
        Request request = Signed.spawn().request();
        Answer first = ground.send(request);

        // When
        Answer second = ground.requireRefused(401, request);

        // Then
        assertThat(first.status()).isEqualTo(200);
        assertThat(second.message()).isEqualTo(Problem.SIGNATURE_REPLAYED.sentence());
    }

    @Test
    void aSignatureInCapitalsIsTheSameSignature() {
        // Given
        Signed signed = Signed.get("/api/agents");
        Answer first = ground.send(signed.request());

        // When
        Answer second =
                ground.send(signed.withSignature(signed.signature().toUpperCase(Locale.ROOT)));

        // Then
        assertThat(first.status()).isEqualTo(200);
        assertThat(second.requireProblem(401).message())
                .isEqualTo(Problem.SIGNATURE_REPLAYED.sentence());
    }

    @Test
    void aWrongSignatureDoesNotUseTheRightOneUp() {
        // Given
        Signed signed = Signed.spawn();
        Request forged = signed.sentAs("POST", "/api/spawn", Bodies.spawn("forged"));
        Answer refused = ground.send(forged);

        // When
        Answer answer = ground.send(signed.request());

        // Then
        assertThat(refused.status()).isEqualTo(401);
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void whoHasNoKeyLearnsNothingAboutSignatures() {
        // Given
        Request request =
                Request.get("/api/agents").with("X-Timestamp: now").with("X-Signature: 0");

        // When
        Answer answer = ground.send(request);

        // Then
        assertThat(answer.requireProblem(401).message()).isEqualTo(Problem.KEY_REFUSED.sentence());
    }

    @Test
    void aLargeSignedBodyIsTooLargeAsEver() {
        // Given
        Request request = Signed.spawn("x".repeat(1024 * 1024 + 1)).request();

        // When
        Answer answer = ground.send(request);

        // Then
        answer.requireProblem(413);
    }

    private static Case good(String name, int status, Signed signed) {
        return Case.of(name, status, key -> signed.request());
    }

    private static Case bad(String name, Problem problem, Request request) {
        return new Case(name, 401, problem.sentence(), key -> request);
    }

    private static Case wrong(String name, Request request) {
        return bad(name, Problem.SIGNATURE_REFUSED, request);
    }

    private static Case late(String name, Signed signed) {
        return bad(name, Problem.TIMESTAMP_REFUSED, signed.request());
    }

    /// The time is taken when the case has its turn.
    private static Case late(String name, int seconds) {
        return new Case(
                name,
                401,
                Problem.TIMESTAMP_REFUSED.sentence(),
                key -> Signed.spawn().at(naive(seconds)).request());
    }

    private static Request cut(Signed signed) {
        return signed.withSignature(signed.signature().substring(0, 62));
    }

    private static Request longer(Signed signed) {
        return signed.withSignature(signed.signature() + "00");
    }

    private static Request unsent(Signed signed) {
        return signed.sentAs("POST", "/api/spawn", "");
    }

    /// Each is a moment of its own, so that no two requests have one signature.
    private static String now() {
        return Instant.now()
                .truncatedTo(ChronoUnit.SECONDS)
                .plusNanos(FRACTION.incrementAndGet())
                .toString();
    }

    private static String naive(int seconds) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS")
                .format(
                        LocalDateTime.now(ZoneOffset.UTC)
                                .plusSeconds(seconds)
                                .withNano((int) FRACTION.incrementAndGet()));
    }

    private static String micros() {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS")
                .format(LocalDateTime.now(ZoneOffset.UTC));
    }

    private static String offset() {
        return OffsetDateTime.now(ZoneOffset.ofHours(5)).truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
