package ai.j1msky.gateway.apikey;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.id.KeyId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// When keys were used, as far as this gateway saw it. Noting a use costs no network and, within a second of the last
/// one, no write. Thread-safe.
final class KeyUsage {

    private static final long FINE_ENOUGH_MS = 1_000;

    private final Map<KeyId, AtomicLong> lastUses = new ConcurrentHashMap<>();
    private final Map<String, FirstUse> firstUses = new ConcurrentHashMap<>();

    /// A text that replaces another was used for the first time; that is not on the log yet.
    record FirstUse(KeyId key, String sha256, Instant at) {}

    void note(Presented presented, Instant now) {
        ApiKey key = presented.key();
        AtomicLong last = lastUses.computeIfAbsent(key.keyId(), id -> new AtomicLong());
        long millis = now.toEpochMilli();
        if (millis - last.getPlain() >= FINE_ENOUGH_MS) {
            last.setRelease(millis);
        }
        if (key.awaitsFirstUse(presented.secret(), now)) {
            String sha256 = presented.secret().sha256();
            firstUses.putIfAbsent(sha256, new FirstUse(key.keyId(), sha256, now));
        }
    }

    Map<KeyId, Instant> lastUses() {
        Map<KeyId, Instant> uses = new HashMap<>();
        lastUses.forEach((id, last) -> uses.put(id, Instant.ofEpochMilli(last.getAcquire())));
        return uses;
    }

    List<FirstUse> firstUses() {
        return List.copyOf(firstUses.values());
    }

    /// It is on the log, or matters no longer.
    void forget(FirstUse use) {
        firstUses.remove(use.sha256(), use);
    }
}
