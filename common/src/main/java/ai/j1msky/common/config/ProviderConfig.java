package ai.j1msky.common.config;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a model provider is and how it is spoken to; its key is in the environment.
///
/// @param name for example `anthropic`
/// @param baseUrl ends with the API's version, for example `https://api.moonshot.ai/v1`
/// @param environment prefix of its variables, for example `MOONSHOT` for `MOONSHOT_API_KEY`
/// @param keyless needs no key, as a server on the LAN
/// @param idleTimeout a call is given up when nothing comes for this long
public record ProviderConfig(
        String name,
        Wire wire,
        URI baseUrl,
        String environment,
        boolean keyless,
        Duration idleTimeout) {

    /// The two ways of speaking to a model.
    public enum Wire {
        ANTHROPIC,
        OPENAI
    }

    /// The provider's key, or null when the environment has none.
    public @Nullable String apiKey(Map<String, String> variables) {
        String key = variables.get(environment + "_API_KEY");
        return key == null || key.isBlank() ? null : key.strip();
    }

    /// This provider with the environment's base URL, when there is one.
    ProviderConfig in(Map<String, String> variables) {
        String url = variables.get(environment + "_BASE_URL");
        return url == null || url.isBlank()
                ? this
                : new ProviderConfig(
                        name,
                        wire,
                        versioned(URI.create(url.strip()), wire),
                        environment,
                        keyless,
                        idleTimeout);
    }

    /// Adds the API version that every server of these wires has, where an address leaves it out: the official
    /// clients differ on whether it is part of the base URL.
    static URI versioned(URI url, Wire wire) {
        String text = url.toString().replaceAll("/+$", "");
        boolean bare = url.getPath() == null || url.getPath().replace("/", "").isEmpty();
        boolean versioned = text.matches(".*/v[0-9][a-z0-9]*");
        return URI.create(bare || (wire == Wire.ANTHROPIC && !versioned) ? text + "/v1" : text);
    }
}
