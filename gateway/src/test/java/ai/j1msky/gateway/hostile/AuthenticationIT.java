package ai.j1msky.gateway.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.KeyText;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.gateway.fixture.GatewayFixture;
import ai.j1msky.gateway.fixture.SharedGateway;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who is not known gets one and the same 401, who may not do something gets 403, and neither leaves anything behind.
@ExtendWith(SharedGateway.class)
class AuthenticationIT {

    private static final String ACCOUNT = "hostile-auth";
    private static GatewayFixture gateway;
    private static Ground ground;

    @BeforeAll
    static void enter(GatewayFixture shared) {
        gateway = shared;
        ground = new Ground(shared, ACCOUNT);
    }

    @AfterAll
    static void leave() {
        ground.close();
    }

    @ParameterizedTest
    @MethodSource("credentials")
    void whoIsNotKnownIsRefused(Case row) {
        // Given
        Request request = row.request().apply(ground.key());

        // When
        Answer answer = ground.requireRefused(row.status(), request);

        // Then
        assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
        assertThat(answer.body()).asString().doesNotContain(ground.key());
    }

    static Stream<Case> credentials() {
        return Stream.of(
                Case.of("no header", 401, key -> spawn()),
                authorization("Basic credentials", key -> "Basic eDp5"),
                authorization("no scheme", key -> key),
                authorization("an empty value", key -> ""),
                authorization("a scheme alone", key -> "Bearer"),
                authorization("an empty key", key -> "Bearer "),
                authorization("another scheme", key -> "Token " + key),
                authorization("no space", key -> "Bearer" + key),
                authorization("a tab for the space", key -> "Bearer\t" + key),
                authorization("two keys", key -> "Bearer " + key + " " + key),
                authorization("a list of keys", key -> "Bearer " + key + ", Bearer " + key),
                authorization("quotes", key -> "Bearer \"" + key + "\""),
                authorization("a key in capitals", key -> "Bearer " + key.toUpperCase(Locale.ROOT)),
                authorization("a cut key", key -> "Bearer " + key.substring(0, key.length() - 1)),
                authorization("a longer key", key -> "Bearer " + key + "0"),
                authorization("a wrong checksum", AuthenticationIT::wrongChecksum),
                authorization("another environment", key -> "Bearer live" + key.substring(3)),
                authorization("an unknown environment", key -> "Bearer test" + key.substring(3)),
                authorization("a key never issued", key -> "Bearer " + neverIssued()),
                authorization("a key of 10 KB", key -> "Bearer dev_sk_" + "A".repeat(10_000)),
                authorization("Latin-1 letters", key -> "Bearer " + key.replace('_', 'é')),
                Case.of(
                        "the same header twice",
                        401,
                        key -> spawn().bearer(key).with("Authorization: Bearer " + key)),
                Case.of(
                        "two headers, a wrong one first",
                        401,
                        key -> spawn().with("Authorization: Bearer x").bearer(key)),
                Case.of(
                        "a key in the query",
                        401,
                        key -> Request.get("/api/agents?api_key=" + key)),
                Case.of("a key in a cookie", 401, key -> spawn().with("Cookie: api_key=" + key)),
                Case.of("a key in X-API-Key", 401, key -> spawn().with("X-API-Key: " + key)),
                Case.of(
                        "credentials for a proxy",
                        401,
                        key -> spawn().with("Proxy-Authorization: Bearer " + key)),
                Case.of(
                        "a revoked key",
                        401,
                        key -> spawn().bearer(gateway.revokedKey(ACCOUNT, Scope.AGENTS_WRITE))),
                Case.of(
                        "an expired key",
                        401,
                        key -> spawn().bearer(gateway.expiredKey(ACCOUNT, Scope.AGENTS_WRITE))));
    }

    @Test
    void everyRefusalReadsTheSame() {
        // Given
        List<Request> requests = credentials().map(c -> c.request().apply(ground.key())).toList();

        // When
        Set<String> messages =
                requests.stream()
                        .map(request -> ground.send(request).message())
                        .collect(Collectors.toSet());

        // Then
        assertThat(messages).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/agents",
                "/api/agent/subagent_1_123456789012",
                "/api/keys",
                "/api/none",
                "/api/",
                "/api/agents/",
                "/api//agents",
                "/api/agents;x=1"
            })
    void whoIsNotKnownDoesNotLearnWhichPathsExist(String path) {
        // Given
        Request request = Request.get(path);

        // When
        Answer answer = ground.send(request);

        // Then
        answer.requireProblem(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bearer", "BEARER", "bEaReR", "Bearer  "})
    void theSchemeIsReadInAnyCase(String scheme) {
        // Given
        Request request =
                Request.get("/api/agents").with("aUTHORIZATION: " + scheme + " " + ground.key());

        // When
        Answer answer = ground.send(request);

        // Then
        assertThat(answer.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("trespasses")
    void aKeyWithoutTheScopeMayNot(Case row) {
        // Given
        Request request = row.request().apply(ground.key());

        // When
        Answer answer = ground.requireRefused(row.status(), request);

        // Then
        assertThat(answer.message()).contains(row.mention());
    }

    static Stream<Case> trespasses() {
        String agent = "/api/agent/subagent_1_123456789012";
        String json = Bodies.spawn("x");
        Stream<Case> ofAgents =
                Stream.of(
                        lacks("agents:write", Scope.AGENTS_READ, key -> Request.spawn(key, json)),
                        lacks("agents:write", Scope.ADMIN, key -> Request.spawn(key, json)),
                        lacks("agents:write", Scope.AGENTS_READ, key -> Request.spawn(key, "{")),
                        lacks("agents:write", Scope.AGENTS_READ, to("DELETE " + agent)),
                        lacks("agents:write", Scope.AGENTS_READ, to("POST /api/spawn-team")),
                        lacks("agents:read", Scope.AGENTS_WRITE, to("GET " + agent)),
                        lacks("agents:read", Scope.BILLING_READ, to("GET /api/agents")),
                        lacks("agents:read", Scope.ADMIN, to("GET /api/rate-limits")),
                        lacks("agents:read", Scope.ADMIN, to("GET /api/system")),
                        lacks("agents:read", Scope.ADMIN, to("GET /api/nodes")),
                        lacks("agents:read", Scope.ADMIN, to("GET /api/models")));
        Stream<Case> ofBilling =
                Stream.of(
                                "GET /api/billing/usage",
                                "GET /api/billing/budget",
                                "GET /api/billing/ledger",
                                "GET /api/billing/reconcile",
                                "GET /api/billing/export")
                        .map(line -> lacks("billing:read", Scope.AGENTS_READ, to(line)));
        Stream<Case> ofAdmins =
                Stream.of(
                                "GET /api/keys",
                                "POST /api/keys",
                                "DELETE /api/keys/key_x",
                                "POST /api/keys/key_x/rotate",
                                "GET /api/security/audit",
                                "POST /api/security/audit",
                                "GET /api/security/audit/entries",
                                "GET /api/security/audit/verify",
                                "GET /api/security/ip-whitelist",
                                "PUT /api/security/ip-whitelist",
                                "GET /api/security/block-ip",
                                "POST /api/security/block-ip",
                                "DELETE /api/security/block-ip/203.0.113.7",
                                "PUT /api/billing/budget",
                                "DELETE /api/billing/budget",
                                "POST /api/nodes/worker-1/drain",
                                "POST /api/nodes/worker-1/undrain")
                        .map(line -> lacks("admin", Scope.AGENTS_WRITE, to(line)));
        return Stream.of(ofAgents, ofBilling, ofAdmins).flatMap(Function.identity());
    }

    private static Function<String, Request> to(String methodAndTarget) {
        return key -> Request.line(methodAndTarget + " HTTP/1.1").bearer(key);
    }

    private static Case lacks(String scope, Scope has, Function<String, Request> request) {
        return new Case(
                "without " + scope, 403, scope, key -> request.apply(gateway.key(ACCOUNT, has)));
    }

    private static Case authorization(
            String name, java.util.function.UnaryOperator<String> header) {
        return Case.of(name, 401, key -> spawn().with("Authorization: " + header.apply(key)));
    }

    private static Request spawn() {
        return Request.post("/api/spawn")
                .with("Content-Type: application/json")
                .withBody(Bodies.spawn("x").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static String wrongChecksum(String key) {
        char last = key.charAt(key.length() - 1);
        return "Bearer " + key.substring(0, key.length() - 1) + (last == '0' ? '1' : '0');
    }

    private static String neverIssued() {
        return KeyText.mint(KeyEnvironment.DEV, new SecureRandom()).reveal();
    }
}
