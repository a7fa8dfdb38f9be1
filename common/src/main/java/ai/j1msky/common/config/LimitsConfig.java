package ai.j1msky.common.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// How often what may be called.
///
/// @param endpoints per API key, by method and path without parameters, for example `POST /spawn`
/// @param standard per API key, for each endpoint that is not named
/// @param address per client address, over all endpoints and before anybody is identified
/// @param keys instead of `endpoints`, for single keys: by key id, then by endpoint
public record LimitsConfig(
        Map<String, Rate> endpoints,
        Rate standard,
        Rate address,
        Map<String, Map<String, Rate>> keys) {

    private static final String STANDARD = "default";
    private static final String ADDRESS = "ip";
    private static final Pattern NAMES =
            Pattern.compile("(GET|POST|PUT|DELETE) /[a-z/-]{1,60}|default|ip");
    private static final Pattern ENDPOINTS =
            Pattern.compile("(GET|POST|PUT|DELETE) /[a-z/-]{1,60}");
    private static final String WORDS = "a method and a path such as `POST /spawn`";
    private static final Pattern KEYS = Pattern.compile("key_[0-9A-Za-z]{1,40}");

    static LimitsConfig read(ConfigSection root) {
        Map<String, Rate> all =
                new LinkedHashMap<>(
                        root.each(
                                "limits",
                                NAMES,
                                WORDS + ", `default` or `ip`",
                                LimitsConfig::rate));
        // Absent only after a mistake, which is reported.
        Rate standard = all.getOrDefault(STANDARD, new Rate(1, Duration.ofHours(1)));
        Rate address = all.getOrDefault(ADDRESS, standard);
        all.keySet().removeIf(name -> name.equals(STANDARD) || name.equals(ADDRESS));
        return new LimitsConfig(
                Map.copyOf(all),
                standard,
                address,
                root.each(
                        "key_limits",
                        KEYS,
                        "the id of an API key",
                        key -> key.inner(ENDPOINTS, WORDS, LimitsConfig::rate)));
    }

    /// What holds for a key at an endpoint.
    public Rate of(String keyId, String endpoint) {
        Rate own = keys.getOrDefault(keyId, Map.of()).get(endpoint);
        return own != null ? own : endpoints.getOrDefault(endpoint, standard);
    }

    private static Rate rate(ConfigSection section) {
        return new Rate(
                section.whole("limit", 1, 1_000_000, "How many calls a window takes."),
                section.duration(
                        "window",
                        Duration.ofSeconds(1),
                        Duration.ofDays(1),
                        "How long the window is; it slides."));
    }
}
