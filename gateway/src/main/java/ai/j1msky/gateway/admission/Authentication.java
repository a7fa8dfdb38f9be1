package ai.j1msky.gateway.admission;

import ai.j1msky.common.apikey.KeyText;
import ai.j1msky.gateway.apikey.Presented;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;

/// Tells who calls by the one `Authorization: Bearer KEY` header (RFC 6750; the scheme's case does not matter).
/// Every refusal reads the same, so nothing is learnt about which keys exist.
final class Authentication {

    private static final String SCHEME = "bearer ";
    private static final int LONGEST_KEY = 100;

    private final Function<KeyText, Optional<Presented>> keys;

    /// @param keys the usable key with that text
    Authentication(Function<KeyText, Optional<Presented>> keys) {
        this.keys = keys;
    }

    Presented identify(HttpHeaders headers) {
        List<String> values = headers.getOrEmpty(HttpHeaders.AUTHORIZATION);
        if (values.size() != 1) {
            throw refused();
        }
        String value = values.getFirst();
        if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                || value.length() > SCHEME.length() + LONGEST_KEY) {
            throw refused();
        }
        return KeyText.parse(value.substring(SCHEME.length()).strip())
                .flatMap(keys)
                .orElseThrow(Authentication::refused);
    }

    private static ProblemException refused() {
        return ProblemException.of(Problem.KEY_REFUSED)
                .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
}
