package ai.j1msky.gateway.request;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// 200 with a JSON document that is written already: nothing is left for a codec to look up or to do.
///
/// It may carry headers beside those of its content.
final class JsonAnswer implements ServerResponse {

    private static final MultiValueMap<String, ResponseCookie> NO_COOKIES =
            new LinkedMultiValueMap<>();

    private final byte[] body;
    private final HttpHeaders headers;

    JsonAnswer(byte[] body, HttpHeaders headers) {
        this.body = body;
        this.headers = headers;
    }

    @Override
    public HttpStatusCode statusCode() {
        return HttpStatus.OK;
    }

    @Override
    public HttpHeaders headers() {
        return headers;
    }

    @Override
    public MultiValueMap<String, ResponseCookie> cookies() {
        return NO_COOKIES;
    }

    @Override
    public Mono<Void> writeTo(ServerWebExchange exchange, Context context) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatus.OK);
        HttpHeaders sent = response.getHeaders();
        sent.putAll(headers);
        sent.setContentType(MediaType.APPLICATION_JSON);
        sent.setContentLength(body.length);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }
}
