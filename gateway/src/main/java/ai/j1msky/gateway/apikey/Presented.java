package ai.j1msky.gateway.apikey;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.MintedKey;
import java.time.Instant;
import java.util.Optional;

/// A key as a request presented it: by one of the texts that open it.
public record Presented(ApiKey key, ApiKey.Secret secret) {

    /// When that text ends, if that is soon enough to remind its bearer.
    public Optional<Instant> endingSoon(Instant now) {
        return Optional.of(key.endOf(secret))
                .filter(end -> !now.isBefore(end.minus(MintedKey.REMINDER)));
    }
}
