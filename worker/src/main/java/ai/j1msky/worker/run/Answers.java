package ai.j1msky.worker.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.j1msky.common.agent.AgentResult;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.worker.model.ModelAnswer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns a model's answer into a result: finds the summary and the issues of a structured answer, and keeps the whole
/// within what a record can carry.
final class Answers {

    /// The longest text a result carries, in bytes of UTF-8.
    static final int LONGEST_TEXT = 1024 * 1024;

    /// The longest result as JSON: sealing adds a third, and the record has an envelope.
    static final int LONGEST_JSON = (LogClients.MAX_RECORD_BYTES - 64 * 1024) / 4 * 3;

    private static final int LONGEST_SUMMARY = 10_000;
    private static final int LONGEST_ISSUE = 1_000;
    private static final int MOST_ISSUES = 100;
    private static final Pattern FENCE =
            Pattern.compile("^```[^`\\n]*\\n(.*?)^```[ \\t]*$", Pattern.DOTALL | Pattern.MULTILINE);

    private Answers() {}

    /// The result as JSON, ready to be sealed.
    static String toJson(ModelAnswer answer) {
        AgentResult result = structure(answer);
        String json = WireJson.MAPPER.writeValueAsString(result);
        while (json.getBytes(UTF_8).length > LONGEST_JSON) {
            // Escapes made it longer than the text: cut in proportion until it fits.
            int bytes = result.text().getBytes(UTF_8).length;
            int fit = (int) ((long) bytes * LONGEST_JSON / json.getBytes(UTF_8).length) - 1;
            result =
                    new AgentResult(
                            cut(result.text(), fit), result.summary(), result.issues(), true);
            json = WireJson.MAPPER.writeValueAsString(result);
        }
        return json;
    }

    static AgentResult structure(ModelAnswer answer) {
        String text = cut(answer.text(), LONGEST_TEXT);
        boolean truncated = answer.truncated() || text.length() < answer.text().length();
        ObjectNode structured = structuredPart(text);
        if (structured == null) {
            return new AgentResult(text, null, List.of(), truncated);
        }
        JsonNode summary = structured.path("summary");
        return new AgentResult(
                text,
                summary.isString() ? shorten(summary.stringValue(), LONGEST_SUMMARY) : null,
                issues(structured.path("issues")),
                truncated);
    }

    /// The longest beginning of a text that has at most so many bytes in UTF-8 and cuts no character in two.
    static String cut(String text, int bytes) {
        if (text.length() <= bytes / 3) {
            return text;
        }
        CharBuffer in = CharBuffer.wrap(text);
        UTF_8.newEncoder()
                .onMalformedInput(java.nio.charset.CodingErrorAction.REPLACE)
                .encode(in, ByteBuffer.allocate(Math.max(bytes, 0)), true);
        return text.substring(0, in.position());
    }

    private static @Nullable ObjectNode structuredPart(String text) {
        ObjectNode whole = object(text);
        if (whole != null) {
            return whole;
        }
        Matcher fence = FENCE.matcher(text);
        if (!fence.find()) {
            return null;
        }
        String inside = fence.group(1);
        return fence.find() ? null : object(inside);
    }

    private static @Nullable ObjectNode object(String text) {
        String json = text.strip();
        if (!json.startsWith("{") || !json.endsWith("}")) {
            return null;
        }
        try {
            return WireJson.MAPPER.readTree(json) instanceof ObjectNode object ? object : null;
        } catch (JacksonException prose) {
            return null;
        }
    }

    private static List<String> issues(JsonNode list) {
        List<String> issues = new ArrayList<>();
        for (JsonNode issue : list) {
            String text = list.isArray() ? textOf(issue) : null;
            if (text != null && issues.size() < MOST_ISSUES) {
                issues.add(shorten(text, LONGEST_ISSUE));
            }
        }
        return issues;
    }

    private static @Nullable String textOf(JsonNode issue) {
        for (JsonNode text : List.of(issue, issue.path("text"), issue.path("description"))) {
            if (text.isString()) {
                return text.stringValue();
            }
        }
        return null;
    }

    private static String shorten(String text, int characters) {
        if (text.length() <= characters) {
            return text;
        }
        int end =
                Character.isHighSurrogate(text.charAt(characters - 1))
                        ? characters - 1
                        : characters;
        return text.substring(0, end);
    }
}
