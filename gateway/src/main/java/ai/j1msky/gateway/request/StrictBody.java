package ai.j1msky.gateway.request;

import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import io.netty.channel.ChannelException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Reads a request's body: JSON of at most 1 MiB by its headers, and by its bytes what [StrictJson] takes.
public final class StrictBody {

    public static final int MAX_BYTES = 1024 * 1024;

    private static final String READ = StrictBody.class.getName();

    private StrictBody() {}

    /// The body's fields; fails with 400, 408, 413 or 415.
    public static Mono<Fields> read(ServerRequest request) {
        requireJson(request);
        if (request.headers().contentLength().orElse(0) > MAX_BYTES) {
            return Mono.error(ProblemException.of(Problem.BODY_TOO_LARGE));
        }
        ServerWebExchange exchange = request.exchange();
        return DataBufferUtils.join(exchange.getRequest().getBody(), MAX_BYTES)
                .onErrorMap(
                        DataBufferLimitException.class,
                        tooLarge -> ProblemException.of(Problem.BODY_TOO_LARGE))
                .onErrorMap(
                        ChannelException.class,
                        tooSlow -> ProblemException.of(Problem.REQUEST_TIMEOUT))
                .doOnSuccess(whole -> exchange.getAttributes().put(READ, true))
                .switchIfEmpty(
                        Mono.error(() -> invalid("The request body is empty; send a JSON object.")))
                .map(buffer -> new Fields(StrictJson.parse(bytesOf(buffer))));
    }

    /// The body's fields; empty when the request announces no body.
    public static Mono<Fields> readIfAny(ServerRequest request) {
        return isAnnounced(request.headers().asHttpHeaders()) ? read(request) : Mono.empty();
    }

    /// Whether the request announced a body that nobody read to its end.
    static boolean isUnread(ServerWebExchange exchange) {
        return isAnnounced(exchange.getRequest().getHeaders())
                && exchange.getAttribute(READ) == null;
    }

    private static boolean isAnnounced(HttpHeaders headers) {
        return headers.getContentLength() > 0
                || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    }

    /// One media type and no coding on top of it: what is checked is what is read.
    private static void requireJson(ServerRequest request) {
        HttpHeaders headers = request.headers().asHttpHeaders();
        if (headers.getOrEmpty(HttpHeaders.CONTENT_TYPE).size() != 1
                || headers.containsHeader(HttpHeaders.CONTENT_ENCODING)
                || headers.getOrEmpty(HttpHeaders.TRANSFER_ENCODING).stream()
                        .anyMatch(coding -> !coding.equalsIgnoreCase("chunked"))) {
            throw ProblemException.of(Problem.MEDIA_TYPE_REFUSED);
        }
        try {
            MediaType type = request.headers().contentType().orElse(null);
            Charset charset = type == null ? null : type.getCharset();
            boolean json =
                    type != null
                            && MediaType.APPLICATION_JSON.equalsTypeAndSubtype(type)
                            && (charset == null || charset.equals(StandardCharsets.UTF_8));
            if (!json) {
                throw ProblemException.of(Problem.MEDIA_TYPE_REFUSED);
            }
        } catch (IllegalArgumentException malformed) {
            throw ProblemException.of(Problem.MEDIA_TYPE_REFUSED);
        }
    }

    private static byte[] bytesOf(DataBuffer buffer) {
        try {
            byte[] bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }

    static ProblemException invalid(String sentence) {
        return ProblemException.of(Problem.BODY_INVALID, sentence);
    }
}
