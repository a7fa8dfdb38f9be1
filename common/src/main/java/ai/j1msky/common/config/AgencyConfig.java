package ai.j1msky.common.config;

import ai.j1msky.common.money.Price;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the operator decides in `config.json`, laid over the defaults that come with the software.
///
/// @param concurrentAgents agents one key may have spawning or running at once
/// @param queueTime how long an agent may wait for a worker
/// @param retention how long an agent can be read
/// @param providers by name
/// @param models by alias
/// @param withoutEffect settings that were given but have no effect in this version
public record AgencyConfig(
        int concurrentAgents,
        Duration queueTime,
        Duration retention,
        Map<String, ProviderConfig> providers,
        Map<String, ModelConfig> models,
        List<String> withoutEffect) {

    private static final JsonMapper STRICT =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(
                            tools.jackson.databind.DeserializationFeature
                                    .USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,39}");
    private static final List<String> LATER =
            List.of("allowed_ips", "trusted_proxies", "limits", "teams", "budgets", "webhooks");

    /// The defaults alone.
    public static AgencyConfig standard(Map<String, String> variables) {
        return read(STRICT.createObjectNode(), variables, new ConfigSection.Notes());
    }

    /// Reads a file over the defaults.
    ///
    /// @param file `config.json`, or null for the defaults
    /// @param variables the environment, for base URLs
    /// @throws ConfigException when anything in it is wrong
    public static AgencyConfig load(@Nullable Path file, Map<String, String> variables) {
        if (file == null) {
            return standard(variables);
        }
        return read(parse(file), variables, new ConfigSection.Notes());
    }

    /// Every setting, for the documentation.
    public static Collection<Setting> settings() {
        ConfigSection.Notes notes = new ConfigSection.Notes();
        read(STRICT.createObjectNode(), Map.of(), notes);
        return notes.settings().values();
    }

    private static ObjectNode parse(Path file) {
        try {
            if (STRICT.readTree(Files.readString(file)) instanceof ObjectNode object) {
                return object;
            }
            throw new ConfigException(List.of(file + " must hold one JSON object."));
        } catch (JacksonException malformed) {
            throw new ConfigException(
                    List.of(file + " is not valid JSON: " + malformed.getOriginalMessage() + "."));
        } catch (IOException unreadable) {
            throw new ConfigException(List.of(file + " cannot be read: " + unreadable + "."));
        }
    }

    private static AgencyConfig read(
            ObjectNode given, Map<String, String> variables, ConfigSection.Notes notes) {
        ConfigSection root = new ConfigSection("", overlay(defaults(), given), notes);
        List<String> withoutEffect = LATER.stream().filter(root::reserved).toList();
        AgencyConfig config =
                new AgencyConfig(
                        root.whole(
                                "concurrent_agents",
                                1,
                                10_000_000,
                                "How many agents one API key may have spawning or running at once."),
                        root.duration(
                                "queue_time",
                                Duration.ofSeconds(1),
                                Duration.ofDays(7),
                                "How long an agent may wait for a free worker before it fails."),
                        Duration.ofDays(
                                root.whole(
                                        "retention_days",
                                        1,
                                        30,
                                        "How many days an agent can be read.")),
                        root.each("providers", NAMES, s -> provider(s).in(variables)),
                        root.each("models", NAMES, AgencyConfig::model),
                        withoutEffect);
        root.finish();
        config.checkReferences(root);
        if (!notes.mistakes().isEmpty()) {
            throw new ConfigException(notes.mistakes());
        }
        return config;
    }

    private static ProviderConfig provider(ConfigSection section) {
        String wire =
                section.text(
                        "wire",
                        "`anthropic` or `openai`",
                        Pattern.compile("anthropic|openai"),
                        "The protocol it speaks.");
        ProviderConfig.Wire spoken =
                "anthropic".equals(wire)
                        ? ProviderConfig.Wire.ANTHROPIC
                        : ProviderConfig.Wire.OPENAI;
        String url =
                section.text(
                        "base_url",
                        "an http or https address",
                        Pattern.compile("https?://[A-Za-z0-9.:\\[\\]_-]+(/[A-Za-z0-9._~/-]*)?"),
                        "Where it is; `<ENVIRONMENT>_BASE_URL` overrides it.");
        String environment =
                section.text(
                        "environment",
                        "a variable prefix in capitals",
                        Pattern.compile("[A-Z][A-Z0-9_]{0,39}"),
                        "Its key is read from the variable `<ENVIRONMENT>_API_KEY`.");
        boolean keyless =
                section.flag("keyless", "It needs no key, like a model server on the LAN.");
        Duration idle =
                section.duration(
                        "idle_timeout",
                        Duration.ofSeconds(1),
                        Duration.ofHours(1),
                        "A call is given up when nothing comes for this long.");
        section.reserved("hourly");
        return new ProviderConfig(
                section.name(),
                spoken,
                ProviderConfig.versioned(URI.create(url), spoken),
                environment,
                keyless,
                idle);
    }

    private static ModelConfig model(ConfigSection section) {
        return new ModelConfig(
                section.name(),
                section.text("provider", "a name under `providers`", NAMES, "Who runs it."),
                section.text(
                        "model",
                        "the provider's own name of the model",
                        Pattern.compile("[!-~]{1,200}"),
                        "What is asked of the provider."),
                Price.dollarsPerMillion(
                        section.dollars("input_per_mtok", "Price of a million tokens read."),
                        section.dollars("output_per_mtok", "Price of a million tokens written.")),
                section.whole(
                        "max_output_tokens",
                        1,
                        1_000_000,
                        "The output cap: it is sent to the model and bounds the hold."),
                section.texts(
                        "fallback",
                        "a list of model aliases",
                        "What to use instead when its provider fails (no effect yet)."));
    }

    private void checkReferences(ConfigSection root) {
        for (ModelConfig model : models.values()) {
            if (!providers.containsKey(model.provider())) {
                root.mistake(
                        "models." + model.alias() + ".provider",
                        "names no provider; known: " + String.join(", ", providers.keySet()),
                        "");
            }
            for (String other : model.fallback()) {
                if (!models.containsKey(other)) {
                    root.mistake(
                            "models." + model.alias() + ".fallback",
                            "names no model: " + other,
                            "");
                }
            }
        }
    }

    private static ObjectNode defaults() {
        try (InputStream resource =
                AgencyConfig.class.getResourceAsStream("/config-defaults.json")) {
            if (resource != null && STRICT.readTree(resource) instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalStateException("config-defaults.json is missing");
        } catch (IOException unreadable) {
            throw new IllegalStateException("config-defaults.json cannot be read", unreadable);
        }
    }

    /// `top` over `base`: objects merge, everything else replaces. A provider or model of a new name starts from the
    /// defaults under the name `*`.
    private static ObjectNode overlay(ObjectNode base, ObjectNode top) {
        for (String group : List.of("providers", "models")) {
            if (base.get(group) instanceof ObjectNode known
                    && known.remove("*") instanceof ObjectNode blank
                    && top.get(group) instanceof ObjectNode given) {
                for (String name : given.propertyNames()) {
                    if (!known.has(name) && given.get(name) instanceof ObjectNode) {
                        ObjectNode start = blank.deepCopy();
                        if (start.has("environment")) {
                            start.put("environment", variablePrefix(name));
                        }
                        known.set(name, start);
                    }
                }
            }
        }
        return merge(base, top);
    }

    private static ObjectNode merge(ObjectNode base, ObjectNode top) {
        for (Map.Entry<String, JsonNode> entry : top.properties()) {
            if (base.get(entry.getKey()) instanceof ObjectNode below
                    && entry.getValue() instanceof ObjectNode above) {
                merge(below, above);
            } else {
                base.set(entry.getKey(), entry.getValue());
            }
        }
        return base;
    }

    private static String variablePrefix(String name) {
        return name.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
