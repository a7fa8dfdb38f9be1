package ai.j1msky.gateway.anomaly;

import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.config.AnomaliesConfig;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.redis.RedisLink;
import ai.j1msky.gateway.redis.RedisScript;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Watches what each API key does. A request costs a few additions in memory; every few seconds the sums go to Redis,
/// where all gateways together know what is usual (`watch.lua`). What is unusual is told to the audit, and, when the
/// operator wants it, the key is refused for a while.
///
/// A comfort and no promise: while Redis is away nothing is watched, and one that was flushed learns anew. Thread-safe.
public final class KeyWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KeyWatch.class);
    private static final RedisScript WATCH = RedisScript.of("watch");
    private static final Duration ROUND = Duration.ofSeconds(5);

    private final AnomaliesConfig config;
    private final RedisLink redis;
    private final Audit audit;
    private final Predicate<AccountId> allowed;
    private final Clock clock;
    private final Map<KeyId, KeyActivity> activities = new ConcurrentHashMap<>();
    private final Map<KeyId, Instant> blocked = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("key-watch").daemon().factory());

    /// @param allowed of which accounts' keys something may be learned
    public KeyWatch(
            AnomaliesConfig config,
            RedisLink redis,
            Audit audit,
            Predicate<AccountId> allowed,
            Clock clock) {
        this.allowed = allowed;
        this.config = config;
        this.redis = redis;
        this.audit = audit;
        this.clock = clock;
    }

    public void start() {
        if (config.jump() > 0) {
            ScheduledFuture<?> _ =
                    thread.scheduleWithFixedDelay(
                            this::round, ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /// A request of that key has ended.
    ///
    /// @param address where it came from; IPv6 by its first 64 bits
    public void request(AccountId account, KeyId key, @Nullable String address, int status) {
        // What a blocked key is refused is not its own doing.
        if (isWatched(account) && !blocked.containsKey(key)) {
            boolean isError = status >= 400 && status < 500;
            KeyActivity _ =
                    activities.compute(
                            key, (id, known) -> orNew(account, known).request(address, isError));
        }
    }

    /// An agent of that key was accepted.
    public void spawn(AccountId account, KeyId key, Money hold) {
        if (isWatched(account)) {
            KeyActivity _ =
                    activities.compute(key, (id, known) -> orNew(account, known).spawn(hold));
        }
    }

    private boolean isWatched(AccountId account) {
        return config.jump() > 0 && allowed.test(account);
    }

    /// Drops what was learned about a key.
    public void forget(AccountId account, KeyId key) {
        activities.remove(key);
        CompletionStage<Void> _ =
                redis.commands()
                        .del(RedisKeys.watch(account, key), RedisKeys.addresses(account, key))
                        .<Void>thenApply(deleted -> null)
                        .exceptionally(KeyWatch::complain);
    }

    private static KeyActivity orNew(AccountId account, @Nullable KeyActivity known) {
        return known == null ? new KeyActivity(account) : known;
    }

    /// For how many more seconds that key is refused; 0 when it is not.
    public int secondsBlocked(KeyId key) {
        if (blocked.isEmpty()) {
            return 0;
        }
        Instant until = blocked.get(key);
        long left = until == null ? 0 : Duration.between(clock.instant(), until).toMillis();
        return left <= 0 ? 0 : (int) ((left + 999) / 1000);
    }

    private void round() {
        try {
            Instant now = clock.instant();
            blocked.values().removeIf(until -> !until.isAfter(now));
            for (KeyId key : Set.copyOf(activities.keySet())) {
                KeyActivity done = activities.remove(key);
                // Its owner may have opted out since, at another gateway.
                if (done != null && isWatched(done.account())) {
                    add(key, done, now);
                }
            }
        } catch (RuntimeException failure) {
            // An exception would end all further rounds.
            log.atWarn()
                    .addKeyValue("cause", failure.getClass().getName())
                    .log("watching keys failed");
        }
    }

    private void add(KeyId key, KeyActivity done, Instant now) {
        String[] keys = {
            RedisKeys.watch(done.account(), key), RedisKeys.addresses(done.account(), key)
        };
        Stream<Long> figures =
                Stream.of(
                        now.toEpochMilli(),
                        config.window().toMillis(),
                        config.span().toMillis(),
                        (long) config.jump(),
                        (long) config.requests(),
                        (long) config.errors(),
                        (long) config.addresses(),
                        config.cost().micros(),
                        config.block().toMillis(),
                        done.requests(),
                        done.errors(),
                        done.micros());
        String[] arguments =
                Stream.concat(figures.map(String::valueOf), done.addresses().stream())
                        .toArray(String[]::new);
        // Without Redis what was done is forgotten: it would all come at once later, and look
        // unusual.
        CompletionStage<Void> _ =
                redis.run(WATCH, keys, arguments)
                        .thenAccept(answer -> heed(key, done, answer))
                        .exceptionally(KeyWatch::complain);
    }

    /// An absent Redis is told elsewhere; one that refuses the script, nowhere else.
    private static @Nullable Void complain(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (!(cause instanceof RedisException) || cause instanceof RedisCommandExecutionException) {
            log.atWarn()
                    .addKeyValue("cause", cause.getClass().getName())
                    .log("watching a key failed");
        }
        return null;
    }

    private void heed(KeyId key, KeyActivity done, List<Object> answer) {
        long until = (Long) answer.getFirst();
        if (until > 0) {
            blocked.put(key, Instant.ofEpochMilli(until));
        }
        for (int i = 1; i < answer.size(); i += 3) {
            String kind = kind((String) answer.get(i));
            ObjectNode details = WireJson.MAPPER.createObjectNode();
            details.put("value", figure(kind, (Long) answer.get(i + 1)));
            details.put("usual", figure(kind, (Long) answer.get(i + 2)));
            details.put("window_seconds", config.window().toSeconds());
            if (until > 0) {
                details.put("blocked_until", Instant.ofEpochMilli(until).toString());
            }
            log.atWarn()
                    .addKeyValue("keyId", key)
                    .addKeyValue("accountId", done.account())
                    .addKeyValue("kind", kind)
                    .log("unusual use of an api key");
            // Not one of the refusals that are summed up: those that an attacker causes must not
            // hide it.
            audit.record(
                    audit.fact(AuditEvent.SECURITY_VIOLATION, done.account())
                            .by(key)
                            .with(details.put("kind", kind)));
        }
    }

    private static String kind(String letter) {
        return switch (letter) {
            case "r" -> "unusual_requests";
            case "e" -> "unusual_errors";
            case "a" -> "unusual_addresses";
            default -> "unusual_cost";
        };
    }

    /// Requests and addresses as they are, the share of errors as part of one, cost in dollars.
    private static double figure(String kind, long value) {
        return switch (kind) {
            case "unusual_errors" -> value / 1e3;
            case "unusual_cost" -> value / 1e6;
            default -> value;
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
