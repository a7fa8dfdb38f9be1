package ai.j1msky.gateway.request;

import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import io.netty.channel.ChannelException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads a request's body as one JSON object in UTF-8, and nothing else: no duplicate keys, no trailing content, no
/// comments, bounded in bytes, depth, numbers and names.
public final class StrictBody {

    public static final int MAX_BYTES = 1024 * 1024;

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NAME = 200;
    private static final int MAX_NUMBER = 40;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxNameLength(MAX_NAME)
                                                    .maxNumberLength(MAX_NUMBER)
                                                    .maxStringLength(MAX_BYTES)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private StrictBody() {}

    /// The body's fields; fails with 400, 408, 413 or 415.
    public static Mono<Fields> read(ServerRequest request) {
        requireJson(request);
        if (request.headers().contentLength().orElse(0) > MAX_BYTES) {
            return Mono.error(ProblemException.of(Problem.BODY_TOO_LARGE));
        }
        return DataBufferUtils.join(request.exchange().getRequest().getBody(), MAX_BYTES)
                .onErrorMap(
                        DataBufferLimitException.class,
                        tooLarge -> ProblemException.of(Problem.BODY_TOO_LARGE))
                .onErrorMap(
                        ChannelException.class,
                        tooSlow -> ProblemException.of(Problem.REQUEST_TIMEOUT))
                .switchIfEmpty(
                        Mono.error(() -> invalid("The request body is empty; send a JSON object.")))
                .map(buffer -> new Fields(parse(bytesOf(buffer))));
    }

    /// The body's fields; empty when the request announces no body.
    public static Mono<Fields> readIfAny(ServerRequest request) {
        return isAnnounced(request.headers().asHttpHeaders()) ? read(request) : Mono.empty();
    }

    static boolean isAnnounced(HttpHeaders headers) {
        return headers.getContentLength() > 0
                || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    }

    static ObjectNode parse(byte[] body) {
        try {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(body))
                            .toString();
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return object;
            }
            throw invalid("The request body must be a JSON object.");
        } catch (CharacterCodingException notUtf8) {
            throw invalid("The request body is not UTF-8.");
        } catch (JacksonException malformed) {
            // The parser's own message may quote the body, which may hold a prompt.
            throw invalid("The request body is not valid JSON" + place(malformed) + ".");
        }
    }

    private static String place(JacksonException malformed) {
        return malformed.getLocation() == null || malformed.getLocation().getLineNr() < 1
                ? ""
                : " (line "
                        + malformed.getLocation().getLineNr()
                        + ", column "
                        + malformed.getLocation().getColumnNr()
                        + ")";
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
