package ai.j1msky.worker.provider;

import ai.j1msky.common.config.ProviderConfig;
import ai.j1msky.common.view.RedisKeys;
import java.time.Duration;

/// How many calls a provider takes in an hour from the whole cluster: a bucket in Redis.
///
/// @param key where it lies
public record CallBudget(String key, int limit) {

    public static final Duration WINDOW = Duration.ofHours(1);

    static CallBudget of(ProviderConfig provider) {
        return new CallBudget(RedisKeys.provider(provider.name(), WINDOW), provider.hourly());
    }
}
