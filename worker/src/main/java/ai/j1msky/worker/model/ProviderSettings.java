package ai.j1msky.worker.model;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How one provider is reached.
///
/// @param name the provider's name in configuration, answers and metrics
/// @param wire the protocol it speaks
/// @param baseUrl for [Wire#ANTHROPIC] with or without its `/v1`, for [Wire#OPENAI] with whatever comes before
///     `/chat/completions`
/// @param apiKey the key, or null for a server that wants none
/// @param idleTimeout how long a call may go without receiving a byte, also before the first
/// @param outputCapField where the output cap is sent on [Wire#OPENAI]
public record ProviderSettings(
        String name,
        Wire wire,
        URI baseUrl,
        @Nullable ApiKey apiKey,
        Duration idleTimeout,
        OutputCapField outputCapField) {

    /// Thirty seconds: real providers send a ping or a token far more often.
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(30);

    /// @throws IllegalArgumentException if a call could not be made this way; the message never shows the address,
    ///     which may hold a password
    public ProviderSettings {
        String scheme = baseUrl.getScheme();
        if (!"https".equalsIgnoreCase(scheme) && !"http".equalsIgnoreCase(scheme)) {
            throw new IllegalArgumentException(name + ": the base URL must be http or https");
        }
        if (baseUrl.getHost() == null
                || baseUrl.getRawUserInfo() != null
                || baseUrl.getRawQuery() != null
                || baseUrl.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    name + ": the base URL must be a host and a path only");
        }
        if (wire == Wire.ANTHROPIC && apiKey == null) {
            throw new IllegalArgumentException(name + ": the anthropic wire needs a key");
        }
        if (!idleTimeout.isPositive()) {
            throw new IllegalArgumentException(name + ": the idle timeout must be positive");
        }
    }

    /// A provider with the usual idle timeout and cap field.
    public static ProviderSettings of(
            String name, Wire wire, URI baseUrl, @Nullable ApiKey apiKey) {
        return new ProviderSettings(
                name, wire, baseUrl, apiKey, DEFAULT_IDLE_TIMEOUT, OutputCapField.MAX_TOKENS);
    }

    /// The same provider with another idle timeout.
    public ProviderSettings withIdleTimeout(Duration timeout) {
        return new ProviderSettings(name, wire, baseUrl, apiKey, timeout, outputCapField);
    }

    /// The same provider with the output cap in another field.
    public ProviderSettings withOutputCapField(OutputCapField field) {
        return new ProviderSettings(name, wire, baseUrl, apiKey, idleTimeout, field);
    }
}
