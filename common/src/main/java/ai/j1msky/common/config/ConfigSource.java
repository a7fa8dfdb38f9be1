package ai.j1msky.common.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Where the configuration's JSON comes from: the operator's file, laid over the defaults in the resources.
final class ConfigSource {

    private static final JsonMapper STRICT =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    private ConfigSource() {}

    static ObjectNode empty() {
        return STRICT.createObjectNode();
    }

    /// Reads a file; comments are allowed, duplicate names are not.
    ///
    /// @throws ConfigException when it cannot be read or is not one JSON object
    static ObjectNode parse(Path file) {
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

    /// What was given over the defaults.
    static ObjectNode overDefaults(ObjectNode given) {
        return overlay(defaults(), given);
    }

    private static ObjectNode defaults() {
        try (InputStream resource =
                ConfigSource.class.getResourceAsStream("/config-defaults.json")) {
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
        for (String group : List.of("providers", "models", "teams")) {
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
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
