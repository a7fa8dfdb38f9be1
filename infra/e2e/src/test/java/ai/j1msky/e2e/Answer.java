package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.http.HttpHeaders;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// One answer as a client saw it.
///
/// @param took from the first byte of the request to the last of the answer
public record Answer(int status, HttpHeaders headers, JsonNode body, Duration took) {

    /// Micro-dollars of a money field, which must be a number with at most six decimals.
    public static long micros(JsonNode money) {
        assertThat(money.isNumber()).as("a number: %s", money).isTrue();
        BigDecimal dollars = money.decimalValue();
        return dollars.movePointRight(6).longValueExact();
    }

    public String agentId() {
        return body.path("agent_id").asString("");
    }

    public String agentStatus() {
        return body.path("status").asString("");
    }

    public long cost() {
        return micros(body.get("cost"));
    }

    public Answer succeeded() {
        assertThat(status).as("%s", body).isEqualTo(200);
        return this;
    }
}
