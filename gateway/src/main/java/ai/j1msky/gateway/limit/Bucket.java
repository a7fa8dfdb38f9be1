package ai.j1msky.gateway.limit;

import ai.j1msky.common.config.Rate;

/// One token bucket.
///
/// @param policy its name in the `RateLimit-Policy` header
/// @param key where it lies in Redis
public record Bucket(String policy, String key, Rate rate) {

    String limit() {
        return Integer.toString(rate.limit());
    }

    String window() {
        return Long.toString(rate.window().toMillis());
    }
}
