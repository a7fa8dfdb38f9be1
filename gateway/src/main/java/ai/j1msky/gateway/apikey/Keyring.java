package ai.j1msky.gateway.apikey;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.KeyText;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.registry.FoldedRegistry;
import ai.j1msky.common.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// All API keys, folded in memory from their topic and found by the SHA-256 of their text. Keeps answering while
/// Kafka or Redis is away. Thread-safe.
public final class Keyring implements AutoCloseable {

    private final FoldedRegistry<ApiKey> registry;
    private final SecretIndex bySecret = new SecretIndex();
    private final Clock clock;

    public Keyring(LogClients clients, Clock clock) {
        this.clock = clock;
        this.registry =
                new FoldedRegistry<>(new EntryCodec<>(Topics.API_KEYS), clients, this::index);
    }

    public void start() {
        registry.start();
    }

    public boolean awaitReady(Duration patience) throws InterruptedException {
        return registry.awaitCaughtUp(patience);
    }

    public boolean isReady() {
        return registry.isCaughtUp();
    }

    /// The usable key with that text; empty for unknown, revoked and expired ones alike.
    ///
    /// The lookup is by digest: an attacker who measures its time learns nothing about other keys' texts.
    public Optional<ApiKey> authenticate(KeyText text) {
        return bySecret.find(text.sha256())
                .flatMap(this::find)
                .filter(key -> key.isUsableAt(clock.instant()));
    }

    public Optional<ApiKey> find(KeyId id) {
        return registry.find(id.value());
    }

    public Collection<ApiKey> all() {
        return registry.all();
    }

    /// Completes when this keyring has read the record at that position.
    public CompletableFuture<Void> reached(Position position) {
        return registry.reached(position);
    }

    /// How long ago the keyring last knew that it had read everything.
    public Duration staleness() {
        return registry.staleness();
    }

    @Override
    public void close() {
        registry.close();
    }

    private void index(FoldedRegistry.Change<ApiKey> change) {
        bySecret.set(
                new KeyId(change.key()), change.entry().map(ApiKey::secrets).orElse(List.of()));
    }
}
