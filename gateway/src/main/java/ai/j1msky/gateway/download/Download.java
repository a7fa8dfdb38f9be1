package ai.j1msky.gateway.download;

import org.springframework.http.ContentDisposition;
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
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/// 200 with a file that is written piece by piece, as fast as the client takes it. Nothing is sent before the first
/// piece is there, so that a failure before it is still answered as a problem; after it, the connection breaks.
public final class Download implements ServerResponse {

    private static final MultiValueMap<String, ResponseCookie> NO_COOKIES =
            new LinkedMultiValueMap<>();

    private final HttpHeaders headers = new HttpHeaders();
    private final Flux<byte[]> pieces;

    public Download(String fileName, MediaType mediaType, Flux<byte[]> pieces) {
        headers.setContentType(mediaType);
        headers.setContentDisposition(ContentDisposition.attachment().filename(fileName).build());
        this.pieces = pieces;
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
        response.getHeaders().putAll(headers);
        // Each is flushed before the next is taken: a slow client holds few of them.
        return response.writeAndFlushWith(
                        pieces.map(piece -> Mono.just(response.bufferFactory().wrap(piece))))
                // Who hangs up is owed nothing more.
                .onErrorComplete(AbortedException.class);
    }
}
