package ai.j1msky.gateway.request;

import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/// Reads a request's body: JSON of at most 1 MiB by its headers, and by its bytes what [StrictJson] takes.
public final class StrictBody {

    public static final int MAX_BYTES = 1024 * 1024;

    /// Bodies that announce no more are always read: an ordinary request is never refused for want of room.
    private static final int SMALL = 16 * 1024;

    /// One for the process: its memory is one, too.
    private static final BodyRoom ROOM = new BodyRoom(32 * MAX_BYTES);

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int PREFETCH = 16;
    private static final String READ = StrictBody.class.getName();
    private static final String KEPT = READ + ".kept";
    private static final String WANTED = READ + ".wanted";
    private static final byte[] NOTHING = {};

    private StrictBody() {}

    /// The body's fields; fails with 400, 408, 413, 415 or, when too many large bodies are under way, 503.
    public static Mono<Fields> read(ServerRequest request) {
        requireJson(request);
        byte[] kept = (byte[]) request.attributes().get(KEPT);
        return kept == null ? read(request, StrictBody::fields) : Mono.just(fields(kept));
    }

    /// The body's bytes as they were sent, whatever they are, for a check that comes before anything reads them; none
    /// when the request announces no body. Whoever reads the body afterwards gets these.
    public static Mono<byte[]> keep(ServerRequest request) {
        if (!isAnnounced(request.headers().asHttpHeaders())) {
            return Mono.just(NOTHING);
        }
        return read(request, Function.identity())
                .doOnNext(whole -> request.attributes().put(KEPT, whole));
    }

    private static <T> Mono<T> read(ServerRequest request, Function<byte[], T> reader) {
        long announced = request.headers().contentLength().orElse(MAX_BYTES);
        if (announced > MAX_BYTES) {
            return Mono.error(ProblemException.of(Problem.BODY_TOO_LARGE));
        }
        Mono<T> read = bytes(request.exchange()).map(reader);
        return announced <= SMALL ? read : ROOM.hold((int) announced, read);
    }

    static Fields fields(byte[] whole) {
        if (whole.length == 0) {
            throw invalid("The request body is empty; send a JSON object.");
        }
        return new Fields(StrictJson.parse(whole));
    }

    private static Mono<byte[]> bytes(ServerWebExchange exchange) {
        return exchange.getRequest()
                .getBody()
                // Without a limit, Netty's side repeats its error when the connection ends.
                .limitRate(PREFETCH)
                .collect(ByteArrayOutputStream::new, StrictBody::append)
                .doOnDiscard(DataBuffer.class, DataBufferUtils::release)
                .timeout(PATIENCE, Deadlines.CLOCK)
                .onErrorMap(
                        TimeoutException.class,
                        tooSlow -> ProblemException.of(Problem.REQUEST_TIMEOUT))
                .onErrorMap(
                        StrictBody::isBroken,
                        broken ->
                                ProblemException.of(
                                        Problem.MALFORMED,
                                        "The request body broke off or is not valid HTTP."))
                .doOnNext(whole -> exchange.getAttributes().put(READ, true))
                .map(ByteArrayOutputStream::toByteArray)
                .doOnNext(
                        whole ->
                                exchange.getAttributes()
                                        .computeIfPresent(WANTED, (name, asked) -> whole));
    }

    /// Copies: a piece of a few bytes may hold a whole network buffer. A piece that is refused is released by the
    /// operator that discards it.
    private static void append(ByteArrayOutputStream whole, DataBuffer piece) {
        if (whole.size() + piece.readableByteCount() > MAX_BYTES) {
            throw ProblemException.of(Problem.BODY_TOO_LARGE);
        }
        byte[] bytes = new byte[piece.readableByteCount()];
        piece.read(bytes);
        whole.writeBytes(bytes);
        DataBufferUtils.release(piece);
    }

    /// Whether the client left, or sent what is no HTTP; [ai.j1msky.gateway.problem.BrokenBodies] makes the last.
    private static boolean isBroken(Throwable failure) {
        return failure instanceof IOException
                || failure instanceof AbortedException
                || failure instanceof IllegalArgumentException;
    }

    /// The body's fields; empty when the request announces no body.
    public static Mono<Fields> readIfAny(ServerRequest request) {
        return isAnnounced(request.headers().asHttpHeaders()) ? read(request) : Mono.empty();
    }

    /// Asks that the body's bytes can be looked at once it has been read.
    public static void remember(ServerWebExchange exchange) {
        exchange.getAttributes().put(WANTED, NOTHING);
    }

    /// The bytes of a body that was read, when somebody asked for them before.
    public static byte @Nullable [] remembered(ServerWebExchange exchange) {
        byte[] whole = exchange.getAttribute(WANTED);
        return whole == null || whole.length == 0 ? null : whole;
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

    public static ProblemException invalid(String sentence) {
        return ProblemException.of(Problem.BODY_INVALID, sentence);
    }
}
