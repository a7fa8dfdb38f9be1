package ai.j1msky.gateway.audit;

import java.util.regex.Pattern;

/// Makes a client's text fit for a log: one line, short, and without what looks like a key.
public final class MaskedText {

    private static final Pattern SECRET =
            Pattern.compile(
                    "(?i)((dev|staging|live)_sk_|whsec_|sk-)[A-Za-z0-9+/=_-]*|\\bbearer\\s+\\S+");

    private MaskedText() {}

    /// How long a text was, and nothing else about it.
    public static String lengthOf(String text) {
        return "[masked, " + text.codePointCount(0, text.length()) + " characters]";
    }

    /// The text in one line: control, format and private characters are escaped, what looks like a key is masked.
    public static String line(String text, int longest) {
        String start = text.length() > 4 * longest ? text.substring(0, 4 * longest) : text;
        StringBuilder line = new StringBuilder();
        SECRET.matcher(start)
                .replaceAll("[masked]")
                .codePoints()
                .forEach(character -> append(character, line));
        return line.length() <= longest ? line.toString() : line.substring(0, longest - 1) + "…";
    }

    static boolean looksLikeASecret(String text) {
        return SECRET.matcher(text).find();
    }

    private static void append(int character, StringBuilder line) {
        switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    line.append("\\u{").append(Integer.toHexString(character)).append('}');
            default -> {
                // A cut must not leave half a character.
                if (Character.isBmpCodePoint(character)) {
                    line.append((char) character);
                } else {
                    line.append("\\u{").append(Integer.toHexString(character)).append('}');
                }
            }
        }
    }
}
