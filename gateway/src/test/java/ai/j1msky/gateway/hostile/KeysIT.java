package ai.j1msky.gateway.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.apikey.Scope;
import ai.j1msky.gateway.fixture.GatewayFixture;
import ai.j1msky.gateway.fixture.SharedGateway;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// A revocation may carry a reason, in a body or in the query; one that cannot be understood revokes nothing.
@ExtendWith(SharedGateway.class)
class KeysIT {

    private static final String CREATE =
            "{\"name\":\"n\",\"env\":\"dev\",\"scopes\":[\"agents:read\"],\"account\":\"hostile-keys\"}";
    private static GatewayFixture gateway;
    private static String admin;
    private static JsonNode victim;

    @BeforeAll
    static void enter(GatewayFixture shared) {
        gateway = shared;
        admin = shared.key("hostile-keys", Scope.ADMIN);
        victim = create();
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void aRevocationThatIsNotUnderstoodRevokesNothing(Case row) {
        // Given
        Request request = row.request().apply(admin);

        // When
        Answer answer = send(request);

        // Then
        answer.requireProblem(row.status());
        assertThat(answer.message()).contains(row.mention());
        assertThat(statusOf(victim)).isEqualTo(200);
    }

    static Stream<Case> nonsense() {
        return Stream.of(
                body("an unknown field", "'because'", "{\"because\":\"x\"}"),
                body("a number as reason", "reason", "{\"reason\":5}"),
                body("a word as flag", "notify_user", "{\"notify_user\":\"true\"}"),
                body("a number as flag", "notify_user", "{\"notify_user\":1}"),
                body("a reason twice", "reason", "{\"reason\":\"a\",\"reason\":\"b\"}"),
                body("half an object", "JSON", "{\"reason\":"),
                body("no object", "object", "[]"),
                body("white space", "JSON", " "),
                body("a long reason", "reason", "{\"reason\":\"" + "x".repeat(501) + "\"}"),
                query("an unknown parameter", "Unknown query parameter", "because=x"),
                query("a reason twice", "reason", "reason=a&reason=b"),
                query("a long reason", "reason", "reason=" + "x".repeat(501)),
                query("a flag that is none", "notify_user", "notify_user=yes"),
                query("a flag in capitals", "notify_user", "notify_user=True"),
                query("an empty flag", "notify_user", "notify_user="),
                Case.of(
                        "text",
                        415,
                        key ->
                                Request.delete(path(victim))
                                        .bearer(key)
                                        .with("Content-Type: text/plain")
                                        .withBody("reason".getBytes(UTF_8))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"reason\":\"suspected_leak\",\"notify_user\":true}",
                "{\"reason\":null}",
                "{\"reason\":\"\"}"
            })
    void aReasonMayComeInTheBody(String json) {
        // Given
        JsonNode key = create();

        // When
        Answer answer =
                send(
                        Request.delete(path(key))
                                .bearer(admin)
                                .with("Content-Type: application/json")
                                .withBody(json.getBytes(UTF_8)));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(statusOf(key)).isEqualTo(401);
    }

    @Test
    void aReasonMayComeInTheQuery() {
        // Given
        JsonNode key = create();

        // When
        Answer answer =
                send(
                        Request.delete(path(key) + "?reason=suspected_leak&notify_user=true")
                                .bearer(admin));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(statusOf(key)).isEqualTo(401);
    }

    private static Case body(String name, String mention, String json) {
        return new Case(
                name,
                400,
                mention,
                key ->
                        Request.delete(path(victim))
                                .bearer(key)
                                .with("Content-Type: application/json")
                                .withBody(json.getBytes(UTF_8)));
    }

    private static Case query(String name, String mention, String query) {
        return new Case(
                name + ", in the query",
                400,
                mention,
                key -> Request.delete(path(victim) + "?" + query).bearer(key));
    }

    private static JsonNode create() {
        Answer answer =
                send(
                        Request.post("/api/keys")
                                .bearer(admin)
                                .with("Content-Type: application/json")
                                .withBody(CREATE.getBytes(UTF_8)));
        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        return answer.json();
    }

    private static String path(JsonNode key) {
        return "/api/keys/" + key.path("key_id").stringValue();
    }

    /// What the key itself gets.
    private static int statusOf(JsonNode key) {
        return send(Request.get("/api/agents").bearer(key.path("key").stringValue())).status();
    }

    private static Answer send(Request request) {
        return RawConnection.exchange(gateway.port(), request);
    }
}
