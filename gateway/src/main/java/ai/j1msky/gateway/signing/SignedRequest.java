package ai.j1msky.gateway.signing;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.signing.RequestSignature;
import ai.j1msky.common.signing.SignedTimestamp;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.apikey.Presented;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.http.server.HttpServerRequest;

/// A request that says it is signed; until [#requireGenuine] nothing about that is proven.
///
/// @param by the key it came with
/// @param timestamp as sent
/// @param target path and query as the request line has them
public record SignedRequest(
        Presented by,
        String timestamp,
        HttpMethod method,
        String target,
        RequestSignature signature) {

    private static final String TIMESTAMP = "X-Timestamp";
    private static final String SIGNATURE = "X-Signature";

    /// What a request says; empty when it has neither header. One header without the other, or in a shape that is
    /// wrong, is refused.
    static Optional<SignedRequest> of(ServerHttpRequest request, Presented by) {
        List<String> timestamps = request.getHeaders().getOrEmpty(TIMESTAMP);
        List<String> signatures = request.getHeaders().getOrEmpty(SIGNATURE);
        if (timestamps.isEmpty() && signatures.isEmpty()) {
            return Optional.empty();
        }
        if (timestamps.size() != 1) {
            throw refused(Problem.TIMESTAMP_REFUSED);
        }
        RequestSignature signature =
                Optional.of(signatures)
                        .filter(sent -> sent.size() == 1)
                        .flatMap(sent -> RequestSignature.parse(sent.getFirst()))
                        .orElseThrow(() -> refused(Problem.SIGNATURE_REFUSED));
        return Optional.of(
                new SignedRequest(
                        by,
                        timestamps.getFirst(),
                        request.getMethod(),
                        target(request),
                        signature));
    }

    /// Refuses a time that is none, or too far from now.
    void requireFresh(Instant now) {
        boolean fresh =
                SignedTimestamp.parse(timestamp)
                        .filter(time -> SignedTimestamp.isWithinWindow(time, now))
                        .isPresent();
        if (!fresh) {
            throw refused(Problem.TIMESTAMP_REFUSED);
        }
    }

    /// Refuses a signature that is not of this request and body.
    ///
    /// @param apiSecret the one that belongs to the text which opened the key
    void requireGenuine(String apiSecret, byte[] body) {
        RequestSignature right =
                RequestSignature.of(apiSecret, timestamp, method.name(), target, body);
        if (!right.matches(signature)) {
            throw refused(Problem.SIGNATURE_REFUSED);
        }
    }

    /// The name under which Redis remembers that the signature was used, for [SeenSignatures#REMEMBERED].
    public String nonce() {
        AccountId account = by.key().account();
        return RedisKeys.signature(account, by.key().keyId() + ":" + signature.hex());
    }

    /// Whether a second one like it would change more than the first did.
    boolean changesSomething() {
        return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
    }

    static ProblemException refused(Problem problem) {
        return ProblemException.of(problem).withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }

    /// From the request line itself: a parsed URI has lost what it looked like.
    private static String target(ServerHttpRequest request) {
        HttpServerRequest sent = ServerHttpRequestDecorator.getNativeRequest(request);
        return sent.uri();
    }

    @Override
    public String toString() {
        return "SignedRequest[" + by.key().keyId() + "]";
    }
}
