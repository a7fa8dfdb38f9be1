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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// All API keys, folded in memory from their topic and found by the SHA-256 of their text. Keeps answering while
/// Kafka or Redis is away. Thread-safe.
public final class Keyring implements AutoCloseable {

    private final FoldedRegistry<ApiKey> registry;
    private final Map<String, KeyId> bySecret = new ConcurrentHashMap<>();
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
        KeyId id = bySecret.get(text.sha256());
        return id == null
                ? Optional.empty()
                : find(id).filter(key -> key.isUsableAt(clock.instant()));
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
        KeyId id = new KeyId(change.key());
        bySecret.values().removeIf(id::equals);
        change.entry()
                .ifPresent(
                        key -> key.secrets().forEach(secret -> bySecret.put(secret.sha256(), id)));
    }
}
