package ai.j1msky.gateway.apikey;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.request.ReadBack;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/// Writes entries of keys to the log.
public final class KeyLog {

    private final LogWriter log;
    private final Keyring keyring;
    private final EntryCodec<ApiKey> codec = new EntryCodec<>(Topics.API_KEYS);

    public KeyLog(LogWriter log, Keyring keyring) {
        this.log = log;
        this.keyring = keyring;
    }

    CompletableFuture<Position> append(ApiKey key) {
        return log.append(codec, key);
    }

    /// Writes an entry and answers what the keyring made of it once it has read it back, so that the next request sees
    /// it too.
    public Mono<ApiKey> publish(ApiKey key) {
        return ReadBack.of(() -> append(key), keyring::reached, Problem.KEY_OUTCOME_UNKNOWN)
                .then(Mono.fromSupplier(() -> keyring.find(key.keyId()).orElse(key)));
    }
}
