package ai.j1msky.gateway.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.log.WireJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What the gateway answered.
///
/// @param headers by name in lower case
@SuppressWarnings("ArrayRecordComponent") // bytes on the wire, never compared
record Answer(int status, Map<String, List<String>> headers, byte[] body) {

    /// The one value of a header; empty when it is absent, a failure when there are several.
    String header(String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        assertThat(values).as(name).hasSizeLessThan(2);
        return values.isEmpty() ? "" : values.getFirst();
    }

    JsonNode json() {
        return WireJson.MAPPER.readTree(body);
    }

    String message() {
        return json().at("/error/message").stringValue("");
    }

    boolean closes() {
        return header("connection").equalsIgnoreCase("close");
    }

    /// Requires the documented envelope (invariant I29) with that code.
    Answer requireProblem(int code) {
        assertThat(status)
                .as("status; message: %s", new String(body, StandardCharsets.UTF_8))
                .isEqualTo(code);
        assertThat(header("content-type")).isEqualTo("application/json");
        assertThat(header("x-request-id")).startsWith("req_");
        assertThat(header("cache-control")).isEqualTo("no-store");
        JsonNode error = json().path("error");
        assertThat(json().propertyNames()).containsExactly("error");
        assertThat(error.path("code").isInt()).isTrue();
        assertThat(error.path("code").intValue()).isEqualTo(code);
        assertThat(error.path("message").stringValue()).isNotBlank();
        assertThat(error.path("request_id").stringValue()).isEqualTo(header("x-request-id"));
        boolean passes = code == 429 || code == 503;
        assertThat(error.has("retry_after")).as("retry_after").isEqualTo(passes);
        assertThat(headers.containsKey("retry-after")).as("Retry-After").isEqualTo(passes);
        return this;
    }
}
