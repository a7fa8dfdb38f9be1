package ai.j1msky.gateway.problem;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a request's head must be beyond what Netty checks, so that nobody on the way can read it in another way:
/// HTTP/1.0 or 1.1, a path or an `http` URL as its target, and one good `Host` (RFC 9112, section 3).
final class HeadRules {

    private static final String AUTHORITY =
            "(?:\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._~%!$&'()*+,;=-]+)(?::[0-9]{1,5})?";
    private static final Pattern HOST = Pattern.compile(AUTHORITY);
    private static final Pattern TARGET =
            Pattern.compile("(?:[Hh][Tt][Tt][Pp]://" + AUTHORITY + ")?/[^#]*+");

    private HeadRules() {}

    /// Why the request is refused; empty when it is good.
    static Optional<ProblemException> refusal(HttpRequest request) {
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return Optional.of(ProblemException.of(Problem.VERSION_REFUSED));
        }
        if (!TARGET.matcher(request.uri()).matches()) {
            return malformed("The request target must be a path or an http URL, without '#'.");
        }
        if (!hasGoodHost(request)) {
            return malformed("The request needs exactly one Host header, a name and its port.");
        }
        return Optional.empty();
    }

    private static boolean hasGoodHost(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        return hosts.isEmpty()
                ? request.protocolVersion().equals(HttpVersion.HTTP_1_0)
                : hosts.size() == 1 && HOST.matcher(hosts.getFirst()).matches();
    }

    private static Optional<ProblemException> malformed(String sentence) {
        return Optional.of(ProblemException.of(Problem.MALFORMED, sentence));
    }
}
