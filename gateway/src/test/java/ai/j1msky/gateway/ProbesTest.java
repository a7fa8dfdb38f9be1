package ai.j1msky.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.log.WireJson;
import ai.j1msky.gateway.request.RequestFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.RouterFunctions;
import tools.jackson.databind.JsonNode;

class ProbesTest {

    @Test
    void aGatewayThatStartsSaysWhenToAskAgain() {
        // When
        MockServerHttpResponse answer = send(false, HttpMethod.GET, "/readyz");

        // Then
        assertThat(answer.getStatusCode().value()).isEqualTo(503);
        assertThat(answer.getHeaders().getFirst("Retry-After")).isEqualTo("1");
        assertThat(error(answer).path("code").intValue()).isEqualTo(503);
        assertThat(error(answer).path("retry_after").intValue()).isEqualTo(1);
        assertThat(error(answer).path("request_id").stringValue())
                .isEqualTo(answer.getHeaders().getFirst("X-Request-Id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/readyz"})
    void aProbeIsRead(String path) {
        // When
        MockServerHttpResponse answer = send(true, HttpMethod.GET, path);

        // Then
        assertThat(answer.getStatusCode().value()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/readyz"})
    void aProbeTakesNothing(String path) {
        // When
        MockServerHttpResponse answer = send(true, HttpMethod.POST, path);

        // Then
        assertThat(answer.getStatusCode().value()).isEqualTo(405);
        assertThat(answer.getHeaders().getFirst("Allow")).isEqualTo("GET");
        assertThat(error(answer).path("code").intValue()).isEqualTo(405);
    }

    private static MockServerHttpResponse send(boolean ready, HttpMethod method, String path) {
        HttpHandler handler =
                RouterFunctions.toHttpHandler(
                        new Probes(() -> ready).routes(),
                        HandlerStrategies.builder()
                                .webFilter(new RequestFilter(new SimpleMeterRegistry(), "label"))
                                .build());
        MockServerHttpResponse answer = new MockServerHttpResponse();
        handler.handle(MockServerHttpRequest.method(method, path).build(), answer)
                .block(Duration.ofSeconds(5));
        return answer;
    }

    private static JsonNode error(MockServerHttpResponse answer) {
        String body = answer.getBodyAsString().block(Duration.ofSeconds(5));
        return WireJson.MAPPER.readTree(body).path("error");
    }
}
