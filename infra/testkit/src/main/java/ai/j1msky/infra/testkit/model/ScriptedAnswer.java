package ai.j1msky.infra.testkit.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The text the server will answer, in the pieces it will be sent in, and the token counts it will claim.
///
/// @param pieces one for each text event
/// @param inputTokens literal JSON, so that a test can send what is no count
/// @param outputTokens literal JSON too
/// @param atCap the answer was cut at the request's cap
/// @param refused the model says in the end that it will not do it
record ScriptedAnswer(
        List<String> pieces,
        String inputTokens,
        String outputTokens,
        boolean atCap,
        boolean refused) {

    private static final int PIECE = 16 << 10;
    private static final int ECHOED_WORDS = 12;

    static ScriptedAnswer to(ModelRequest request, Directives directives) {
        List<String> pieces = pieces(request, directives);
        int words = words(String.join("", pieces));
        boolean atCap = request.maxTokens() > 0 && words > request.maxTokens();
        if (atCap) {
            pieces = split(firstWords(String.join("", pieces), request.maxTokens()), pieces.size());
            words = request.maxTokens();
        }
        return new ScriptedAnswer(
                pieces,
                count(directives, "input-usage", words(request.prompt())),
                count(directives, "output-usage", words),
                atCap,
                directives.has("refusal"));
    }

    private static String count(Directives directives, String name, int words) {
        return directives
                .text(name)
                .or(() -> directives.text("usage"))
                .orElse(Integer.toString(words));
    }

    private static List<String> pieces(ModelRequest request, Directives directives) {
        if (directives.has("size")) {
            int count = Math.ceilDiv(directives.bytes("size").orElseThrow(), PIECE);
            return Collections.nCopies(count, "x".repeat(PIECE));
        }
        if (directives.has("one-line")) {
            return List.of("x".repeat(directives.bytes("one-line").orElseThrow()));
        }
        return split(text(request, directives), directives.number("chunks", 4));
    }

    private static String text(ModelRequest request, Directives directives) {
        if (directives.has("tokens")) {
            return "word ".repeat(directives.number("tokens", 1)).strip();
        }
        return directives
                .text("json")
                .orElseGet(
                        () ->
                                "echo: "
                                        + firstWords(
                                                Directives.plain(request.prompt()), ECHOED_WORDS));
    }

    /// `count` pieces of about the same length; a surrogate pair may be split, as real providers do.
    private static List<String> split(String text, int count) {
        List<String> pieces = new ArrayList<>();
        for (int piece = 0; piece < count; piece++) {
            int from = (int) ((long) text.length() * piece / count);
            int to = (int) ((long) text.length() * (piece + 1) / count);
            pieces.add(text.substring(from, to));
        }
        return pieces;
    }

    private static String firstWords(String text, int count) {
        String[] words = text.strip().split("\\s+", count + 1);
        return String.join(" ", List.of(words).subList(0, Math.min(count, words.length)));
    }

    private static int words(String text) {
        return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
    }

    String text() {
        return String.join("", pieces);
    }
}
