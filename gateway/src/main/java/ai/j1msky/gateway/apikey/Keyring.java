package ai.j1msky.gateway.apikey;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.KeyMerge;
import ai.j1msky.common.apikey.KeyText;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.registry.FoldedRegistry;
import ai.j1msky.common.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// All API keys, folded in memory from their topic and found by the SHA-256 of their text. Keeps answering while
/// Kafka or Redis is away. Thread-safe.
///
/// Entries that were written at once, each without the other, are joined; the joined entry is then what [KeyUpkeep]
/// writes to the log.
public final class Keyring implements AutoCloseable {

    private final FoldedRegistry<ApiKey> registry;
    private final SecretIndex bySecret = new SecretIndex();
    private final Set<KeyId> unwritten = ConcurrentHashMap.newKeySet();
    private final KeyUsage usage = new KeyUsage();
    private final Clock clock;
    private final Timer lag;

    public Keyring(LogClients clients, Clock clock, MeterRegistry meters) {
        this.clock = clock;
        this.lag =
                Timer.builder("j1msky.registry.keys.lag")
                        .description("From writing a change of a key to its being in force here")
                        .register(meters);
        this.registry =
                new FoldedRegistry<>(
                        new EntryCodec<>(Topics.API_KEYS), clients, this::join, this::index);
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
    public Optional<Presented> authenticate(KeyText text) {
        String sha256 = text.sha256();
        ApiKey key = bySecret.find(sha256).flatMap(this::find).orElse(null);
        return key == null
                ? Optional.empty()
                : key.opening(sha256, clock.instant()).map(secret -> new Presented(key, secret));
    }

    /// Notes that a request with that key passed every check of who sends it.
    public void used(Presented presented) {
        usage.note(presented, clock.instant());
    }

    public Optional<ApiKey> find(KeyId id) {
        return registry.find(id.value());
    }

    public Collection<ApiKey> all() {
        return registry.all();
    }

    KeyUsage usage() {
        return usage;
    }

    /// The keys whose last record on the log says less than what is known of them.
    Set<KeyId> unwritten() {
        return Set.copyOf(unwritten);
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

    private ApiKey join(ApiKey known, ApiKey read) {
        ApiKey joined = KeyMerge.join(known, read);
        if (KeyMerge.same(joined, read)) {
            unwritten.remove(read.keyId());
        } else {
            unwritten.add(read.keyId());
        }
        return joined;
    }

    private void index(FoldedRegistry.Change<ApiKey> change) {
        bySecret.set(
                new KeyId(change.key()), change.entry().map(ApiKey::secrets).orElse(List.of()));
        if (registry.isCaughtUp()) {
            change.entry().ifPresent(entry -> record(entry.at()));
        }
    }

    /// Another node's clock may be ahead of this one's.
    private void record(Instant written) {
        Duration took = Duration.between(written, clock.instant());
        lag.record(took.isNegative() ? Duration.ZERO : took);
    }
}
