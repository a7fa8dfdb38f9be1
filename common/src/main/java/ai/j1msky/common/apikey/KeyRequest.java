package ai.j1msky.common.apikey;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/// A request with an `Idempotency-Key` that made one of a key's texts, so that it is not made twice.
///
/// @param key SHA-256 of the caller's account and the `Idempotency-Key`, in hex
/// @param request SHA-256 of what was asked for and of the above, in hex
/// @param secret the digest of the text that it made
/// @param at when
public record KeyRequest(String key, String request, String secret, Instant at) {

    /// How long it is remembered.
    public static final Duration KEPT = Duration.ofHours(24);

    public KeyRequest {
        requireNonNull(key, "key");
        requireNonNull(request, "request");
        requireNonNull(secret, "secret");
        requireNonNull(at, "at");
    }

    public boolean isKeptAt(Instant now) {
        return now.isBefore(at.plus(KEPT));
    }
}
