package ai.j1msky.gateway.apikey;

import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.redis.RedisLink;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ZAddArgs;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/// When keys were used, as all gateways saw it. The newest time of each key stays, whoever wrote it.
///
/// It is a comfort and no fact of the log: while Redis is away, or when it was flushed, what is here is older than the
/// truth or missing, and nothing depends on it.
final class UsageStore {

    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final RedisLink store;

    UsageStore(RedisLink store) {
        this.store = store;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    void write(Map<KeyId, Instant> uses) {
        if (uses.isEmpty()) {
            return;
        }
        ScoredValue[] scored =
                uses.entrySet().stream()
                        .map(
                                use ->
                                        ScoredValue.just(
                                                (double) use.getValue().toEpochMilli(),
                                                use.getKey().value()))
                        .toArray(ScoredValue[]::new);
        // What is lost is written again with the next round.
        RedisFuture<Long> _ =
                store.commands().zadd(RedisKeys.KEYS_USED, ZAddArgs.Builder.gt(), scored);
    }

    /// By key id; nothing at all when Redis does not answer soon.
    Mono<Map<String, Instant>> read() {
        return Mono.fromCompletionStage(
                        () -> store.commands().zrangeWithScores(RedisKeys.KEYS_USED, 0, -1))
                .timeout(PATIENCE)
                .map(
                        found ->
                                found.stream()
                                        .collect(
                                                Collectors.toMap(
                                                        ScoredValue::getValue,
                                                        use ->
                                                                Instant.ofEpochMilli(
                                                                        (long) use.getScore()))))
                .onErrorReturn(Map.of());
    }
}
