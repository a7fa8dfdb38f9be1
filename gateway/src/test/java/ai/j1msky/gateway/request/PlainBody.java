package ai.j1msky.gateway.request;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a body says, read once more and without [StrictJson] and [Fields], to compare them with.
record PlainBody(
        String model,
        String task,
        String priority,
        int timeout,
        String reason,
        boolean enforce,
        List<String> scopes,
        List<String> ips) {

    static final int LONGEST_TASK = 2_000;

    private static final Set<String> NAMES =
            Set.of("model", "task", "priority", "timeout", "reason", "enforce", "scopes", "ips");
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /// Null when it is not to be accepted.
    static PlainBody read(byte[] bytes) {
        JsonNode tree;
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            tree = MAPPER.readTree(text);
        } catch (JacksonException | CharacterCodingException malformed) {
            return null;
        }
        if (!tree.isObject() || !NAMES.containsAll(tree.propertyNames())) {
            return null;
        }
        try {
            return of(tree);
        } catch (IllegalArgumentException wrong) {
            return null;
        }
    }

    private static PlainBody of(JsonNode tree) {
        String model = text(tree.get("model"), null);
        String task = text(tree.get("task"), null);
        String priority = text(tree.get("priority"), "low");
        String reason = text(tree.get("reason"), null);
        require(model != null && Set.of("k2p5", "opus").contains(model));
        require(task != null && !task.isBlank() && characters(task) <= LONGEST_TASK);
        require(Set.of("low", "high").contains(priority));
        require(reason == null || characters(reason) <= 5);
        List<String> scopes = texts(tree.get("scopes"));
        require(
                scopes == null
                        || !scopes.isEmpty()
                                && scopes.size() == Set.copyOf(scopes).size()
                                && Set.of("admin", "agents:read").containsAll(scopes));
        List<String> ips = texts(tree.get("ips"));
        require(ips == null || ips.size() <= 2);
        boolean enforce = isAbsent(tree.get("enforce")) || flag(tree.get("enforce"));
        int timeout = isAbsent(tree.get("timeout")) ? 300 : whole(tree.get("timeout"));
        return new PlainBody(model, task, priority, timeout, reason, enforce, scopes, ips);
    }

    private static boolean isAbsent(JsonNode node) {
        return node == null || node.isNull();
    }

    private static String text(JsonNode node, String otherwise) {
        if (isAbsent(node)) {
            return otherwise;
        }
        require(node.isString());
        return node.asString();
    }

    private static List<String> texts(JsonNode node) {
        if (isAbsent(node)) {
            return null;
        }
        require(node.isArray());
        List<String> texts = new ArrayList<>();
        for (JsonNode item : node) {
            require(item.isString());
            texts.add(item.asString());
        }
        return texts;
    }

    private static boolean flag(JsonNode node) {
        require(node.isBoolean());
        return node.asBoolean();
    }

    private static int whole(JsonNode node) {
        require(node.toString().matches("[1-9][0-9]{0,3}") && node.asInt() <= 3_600);
        return node.asInt();
    }

    /// How many characters it has; half of one is not allowed.
    private static long characters(String text) {
        require(StandardCharsets.UTF_8.newEncoder().canEncode(text));
        return text.codePoints().count();
    }

    private static void require(boolean right) {
        if (!right) {
            throw new IllegalArgumentException();
        }
    }
}
