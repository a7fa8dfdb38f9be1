package ai.j1msky.notifier;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.KeyMerge;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.registry.FoldedRegistry;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// All API keys, folded in memory from their topic. Thread-safe.
final class Keys implements AutoCloseable {

    private final FoldedRegistry<ApiKey> registry;

    Keys(LogClients clients) {
        this.registry =
                new FoldedRegistry<>(
                        new EntryCodec<>(Topics.API_KEYS), clients, KeyMerge::join, changed -> {});
    }

    void start() {
        registry.start();
    }

    boolean awaitReady(Duration patience) throws InterruptedException {
        return registry.awaitCaughtUp(patience);
    }

    /// Those in their last days, in the order in which these began.
    List<ApiKey> ending(Instant now) {
        return registry.all().stream()
                .filter(key -> key.isUsableAt(now) && !now.isBefore(key.reminder()))
                .sorted(Comparator.comparing(ApiKey::reminder).thenComparing(ApiKey::logKey))
                .toList();
    }

    @Override
    public void close() {
        registry.close();
    }
}
