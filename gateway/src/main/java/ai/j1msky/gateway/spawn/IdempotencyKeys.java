package ai.j1msky.gateway.spawn;

import ai.j1msky.common.agent.IdempotencyMark;
import ai.j1msky.gateway.request.IdempotencyKey;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// How a spawn request with an `Idempotency-Key` is remembered.
final class IdempotencyKeys {

    private IdempotencyKeys() {}

    /// The mark of a request, or null when it carries no key.
    ///
    /// @param canonical the request in one text, the same for equal requests
    static @Nullable IdempotencyMark of(HttpHeaders headers, String endpoint, String canonical) {
        String key = IdempotencyKey.of(headers).orElse(null);
        return key == null
                ? null
                : new IdempotencyMark(
                        IdempotencyKey.digest(key),
                        IdempotencyKey.digest(key + "\n" + endpoint + "\n" + canonical));
    }
}
