package ai.j1msky.gateway.apikey;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.id.KeyId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Which key a secret's SHA-256 belongs to. One thread sets, any thread looks up.
final class SecretIndex {

    private final Map<String, KeyId> keys = new ConcurrentHashMap<>();

    Optional<KeyId> find(String sha256) {
        return Optional.ofNullable(keys.get(sha256));
    }

    /// Makes these the key's only secrets. One that it had before and keeps is found at every moment.
    void set(KeyId id, Collection<ApiKey.Secret> secrets) {
        Set<String> current =
                secrets.stream().map(ApiKey.Secret::sha256).collect(Collectors.toSet());
        current.forEach(sha256 -> keys.put(sha256, id));
        keys.entrySet()
                .removeIf(
                        entry -> entry.getValue().equals(id) && !current.contains(entry.getKey()));
    }
}
