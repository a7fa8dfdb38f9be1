package ai.j1msky.gateway.apikey;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.redis.RedisLink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/// What happens to keys beside requests, once a second on a thread of its own: first uses of rotated texts go to the
/// log, joined entries too, last uses go to Redis, and keys near their end are named.
///
/// Everything is done by every gateway and may be done twice: a first use keeps its earliest time, a last use its
/// latest, and joining what is joined changes nothing. What fails is done again with the next round.
public final class KeyUpkeep implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KeyUpkeep.class);
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration FLUSH = Duration.ofSeconds(60);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);

    private final Keyring keyring;
    private final KeyLog keyLog;
    private final UsageStore store;
    private final Audit audit;
    private final Clock clock;
    private final Set<KeyId> underway = new HashSet<>();
    private final Set<String> reminded = new HashSet<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("key-upkeep").daemon().factory());
    private long flushAt = System.nanoTime() + FLUSH.toNanos();

    public KeyUpkeep(Keyring keyring, LogWriter log, RedisLink store, Audit audit, Clock clock) {
        this.keyring = keyring;
        this.keyLog = new KeyLog(log, keyring);
        this.store = new UsageStore(store);
        this.audit = audit;
        this.clock = clock;
    }

    public void start() {
        ScheduledFuture<?> _ =
                thread.scheduleWithFixedDelay(
                        this::round, ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void round() {
        try {
            if (keyring.isReady()) {
                writeFirstUses();
                writeJoined();
                remind();
            }
            if (System.nanoTime() >= flushAt) {
                flush();
                flushAt = System.nanoTime() + FLUSH.toNanos();
            }
        } catch (RuntimeException failure) {
            // An exception would end all further rounds.
            log.atWarn()
                    .addKeyValue("cause", failure.getClass().getName())
                    .log("key upkeep failed");
        }
    }

    private void writeFirstUses() {
        for (KeyUsage.FirstUse use : keyring.usage().firstUses()) {
            ApiKey key = keyring.find(use.key()).orElse(null);
            boolean matters =
                    key != null
                            && key.opening(use.sha256(), clock.instant())
                                    .filter(s -> key.awaitsFirstUse(s, clock.instant()))
                                    .isPresent();
            if (key == null || !matters) {
                keyring.usage().forget(use);
            } else {
                write(key.firstUsed(use.sha256(), use.at(), clock.instant()));
            }
        }
    }

    private void writeJoined() {
        for (KeyId id : keyring.unwritten()) {
            keyring.find(id).ifPresent(key -> write(key.writtenAt(clock.instant())));
        }
    }

    /// One record of a key at a time: the next round sees what came of it.
    private void write(ApiKey key) {
        synchronized (underway) {
            if (!underway.add(key.keyId())) {
                return;
            }
        }
        CompletableFuture<Void> _ =
                keyLog.append(key)
                        .thenCompose(keyring::reached)
                        .whenComplete((done, failure) -> written(key.keyId()));
    }

    private void written(KeyId id) {
        synchronized (underway) {
            underway.remove(id);
        }
    }

    private void remind() {
        Instant now = clock.instant();
        for (ApiKey key : keyring.all()) {
            if (key.isUsableAt(now)
                    && !now.isBefore(key.reminder())
                    && reminded.add(key.keyId() + "/" + key.expires())) {
                log.atWarn()
                        .addKeyValue("keyId", key.keyId())
                        .addKeyValue("accountId", key.account())
                        .addKeyValue("expires", key.expires())
                        .log("api key ends soon");
                audit.record(
                        audit.fact(AuditEvent.API_KEY_EXPIRING, key.account())
                                .about("api_key", key.keyId().value())
                                .with(
                                        WireJson.MAPPER
                                                .createObjectNode()
                                                .put("expires_at", key.expires().toString())));
            }
        }
    }

    /// When each key was last used, by key id; as this gateway and, if Redis answers, all others saw it.
    public Mono<Map<String, Instant>> lastUses() {
        return store.read().map(stored -> latest(stored, keyring.usage().lastUses()));
    }

    private static Map<String, Instant> latest(
            Map<String, Instant> stored, Map<KeyId, Instant> seen) {
        Map<String, Instant> latest = new HashMap<>(stored);
        seen.forEach((id, at) -> latest.merge(id.value(), at, (a, b) -> a.isAfter(b) ? a : b));
        return latest;
    }

    private void flush() {
        store.write(keyring.usage().lastUses());
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        flush();
    }
}
