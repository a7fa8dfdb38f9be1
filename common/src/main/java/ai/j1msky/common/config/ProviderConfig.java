package ai.j1msky.common.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a model provider is and how it is spoken to; its key is in the environment.
///
/// @param name for example `anthropic`
/// @param baseUrl ends with the API's version, for example `https://api.moonshot.ai/v1`
/// @param environment prefix of its variables, for example `MOONSHOT` for `MOONSHOT_API_KEY`
/// @param keyless needs no key, as a server on the LAN
/// @param idleTimeout a call is given up when nothing comes for this long
/// @param concurrent how many calls one worker makes to it at once
/// @param hourly how many calls it takes in an hour, from all keys; 0 for no limit
public record ProviderConfig(
        String name,
        Wire wire,
        URI baseUrl,
        String environment,
        boolean keyless,
        Duration idleTimeout,
        int concurrent,
        int hourly) {

    private static final Pattern ADDRESS =
            Pattern.compile(
                    "https?://([A-Za-z0-9][A-Za-z0-9._-]*|\\[[0-9A-Fa-f:.]{2,45}])"
                            + "(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?");

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

    /// Whether a base URL can be used: a host name, an IPv4 or a bracketed IPv6 literal, a port, a plain path.
    static boolean isAddress(String text) {
        try {
            return ADDRESS.matcher(text).matches() && new URI(text).getPort() <= 65_535;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    /// Adds the API version that every server of these wires has, where an address leaves it out: the official
    /// clients differ on whether it is part of the base URL.
    static URI versioned(String url, Wire wire) {
        String text = url.replaceAll("/+$", "");
        boolean bare = text.indexOf('/', text.indexOf("//") + 2) < 0;
        boolean versioned = text.matches(".*/v[0-9][a-z0-9]*");
        return URI.create(bare || (wire == Wire.ANTHROPIC && !versioned) ? text + "/v1" : text);
    }
}
