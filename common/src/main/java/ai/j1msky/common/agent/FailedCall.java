package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// A model call of an attempt that gave no answer and was followed by another. It is the house's cost.
///
/// @param model the alias that was called
/// @param provider who ran it
/// @param code why it failed, a `provider_` word
/// @param ended when it did; the next began then
public record FailedCall(String model, String provider, String code, Instant ended) {

    public FailedCall {
        requireNonNull(model, "model");
        requireNonNull(provider, "provider");
        requireNonNull(code, "code");
        requireNonNull(ended, "ended");
    }
}
