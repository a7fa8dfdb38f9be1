package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;

/// An `Idempotency-Key` and the request it came with, both as SHA-256 in hex; the request's digest covers the key
/// too, so that a prompt cannot be guessed from it.
public record IdempotencyMark(String key, String request) {

    public IdempotencyMark {
        requireNonNull(key, "key");
        requireNonNull(request, "request");
    }
}
