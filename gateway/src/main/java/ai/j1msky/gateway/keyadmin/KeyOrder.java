package ai.j1msky.gateway.keyadmin;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.KeyRequest;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.IdempotencyKey;
import java.time.Instant;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/// A request for a new text of a key that came with an `Idempotency-Key`.
///
/// Its digests stay in the key's entry for a day. They keep it from being made twice, and that is all: the text is
/// kept nowhere, so a repeated request is told which key the first one made, and not its text.
///
/// @param key SHA-256 of the caller's account and the `Idempotency-Key`
/// @param request SHA-256 of that and of what was asked for
record KeyOrder(String key, String request) {

    /// @param caller whose the `Idempotency-Key` is
    /// @param wish the same for the same request only
    static Optional<KeyOrder> of(HttpHeaders headers, AccountId caller, String wish) {
        return IdempotencyKey.of(headers)
                .map(
                        text -> {
                            String key = IdempotencyKey.digest(caller + "\n" + text);
                            return new KeyOrder(key, IdempotencyKey.digest(key + "\n" + wish));
                        });
    }

    /// Refuses a repeated request, and another one with the same `Idempotency-Key`.
    void requireNew(Keyring keyring, Instant now) {
        for (ApiKey made : keyring.all()) {
            requireNotIn(made, now);
        }
    }

    /// The id of the key to create: whoever else serves this request now takes the same, and the log decides. A key
    /// that was created with this `Idempotency-Key` longer ago has its id still.
    KeyId freeId(Keyring keyring, Instant now) {
        for (int n = 0; ; n++) {
            KeyId id = KeyId.of(IdempotencyKey.digest("key-id\n" + key + "\n" + n));
            ApiKey taken = keyring.find(id).orElse(null);
            if (taken == null) {
                return id;
            }
            // It may have come a moment ago.
            requireNotIn(taken, now);
        }
    }

    MintedKey mark(MintedKey minted) {
        return minted.askedFor(key, request);
    }

    /// Refuses when the same request, or another with this `Idempotency-Key`, was first.
    void requireNotIn(ApiKey made, Instant now) {
        for (KeyRequest earlier : made.requests()) {
            if (earlier.key().equals(key) && earlier.isKeptAt(now)) {
                throw earlier.request().equals(request)
                        ? ProblemException.of(
                                Problem.KEY_SHOWN_ONCE,
                                "This request has made a text of "
                                        + made.keyId()
                                        + " already; it was shown once and is kept nowhere. If it is lost,"
                                        + " rotate that key with another Idempotency-Key.")
                        : ProblemException.of(Problem.IDEMPOTENCY_CONFLICT);
            }
        }
    }
}
