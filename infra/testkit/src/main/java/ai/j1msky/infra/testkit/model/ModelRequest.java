package ai.j1msky.infra.testkit.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;

/// One call as it stood in the request's body.
///
/// @param maxTokens the output cap as received, 0 when there was none
/// @param capField the name of the field that held the cap
/// @param usageWanted whether a stream should report token counts
/// @param prompt the text of all messages, the system's included
record ModelRequest(
        String model,
        int maxTokens,
        String capField,
        boolean streamed,
        boolean usageWanted,
        String prompt) {

    /// All text of `messages`, whose content is a string or a list of typed blocks.
    static String textOf(JsonNode messages) {
        StringBuilder text = new StringBuilder();
        for (JsonNode message : messages) {
            JsonNode content = message.path("content");
            if (content.isString()) {
                text.append(content.stringValue()).append('\n');
            }
            for (JsonNode block : content) {
                text.append(block.path("text").asString("")).append('\n');
            }
        }
        return text.toString().strip();
    }

    /// Its length in UTF-8.
    long promptBytes() {
        return prompt.getBytes(StandardCharsets.UTF_8).length;
    }

    String promptSha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(prompt.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
