package ai.j1msky.worker.sandbox.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Reduces Markdown to the prose in it; plain text passes almost unchanged.
///
/// Left out: front matter, fenced code, comments, headings, tables, rules, link definitions. A list item is a
/// paragraph of its own. Not a CommonMark parser: it must only never lose prose and never keep code.
public final class Markdown {

    private static final Pattern SPACES = Pattern.compile("\\s++");
    private static final Pattern LONG_WORD = Pattern.compile("\\S{81,}+");
    private static final Pattern FENCE = Pattern.compile("^ {0,3}(?:```|~~~).*");
    private static final Pattern HEADING = Pattern.compile("^ {0,3}#{1,6}(?: .*)?");
    private static final Pattern UNDERLINE =
            Pattern.compile("^ {0,3}(?:=+|-+|\\*{3,}|_{3,}|(?:[-*_] ){2,40}[-*_]) *");
    private static final Pattern TABLE_ROW =
            Pattern.compile("^\\s*\\|.*|^[-: |]{0,300}-\\|[-: |]{0,300}$");
    private static final Pattern DEFINITION = Pattern.compile("^ {0,3}\\[[^]]{1,200}]:.*");
    private static final Pattern ITEM =
            Pattern.compile("^\\s*(?:[-*+]|[0-9]{1,4}[.)])\\s+(?:\\[[ xX]]\\s+)?");
    private static final Pattern QUOTE = Pattern.compile("^ {0,3}(?:> ?){1,20}");

    private final List<String> paragraphs = new ArrayList<>();
    private final StringBuilder paragraph = new StringBuilder();

    private Markdown() {}

    /// The paragraphs of `text`, in order, each on one line and without markup.
    public static List<String> paragraphs(String text) {
        Markdown reader = new Markdown();
        String prose = withoutComments(text.replace("\r\n", "\n").replace('\r', '\n'));
        reader.read(withoutFrontMatter(prose));
        return List.copyOf(reader.paragraphs);
    }

    private void read(String text) {
        boolean inFence = false;
        for (String raw : text.split("\n", -1)) {
            if (FENCE.matcher(raw).matches()) {
                endParagraph();
                inFence = !inFence;
            } else if (!inFence) {
                readLine(QUOTE.matcher(raw).replaceFirst(""));
            }
        }
        endParagraph();
    }

    private void readLine(String line) {
        if (UNDERLINE.matcher(line).matches()) {
            paragraph.setLength(
                    paragraph.indexOf(" ", 1) > 0 && isSentence() ? paragraph.length() : 0);
            endParagraph();
        } else if (line.isBlank()
                || HEADING.matcher(line).matches()
                || TABLE_ROW.matcher(line).matches()
                || DEFINITION.matcher(line).matches()) {
            endParagraph();
        } else if (ITEM.matcher(line).lookingAt()) {
            endParagraph();
            paragraph.append(ITEM.matcher(line).replaceFirst(""));
        } else {
            paragraph.append(' ').append(line.strip());
        }
    }

    /// A line above `---` is a heading unless it reads like prose above a rule.
    private boolean isSentence() {
        char last = paragraph.charAt(paragraph.length() - 1);
        return last == '.' || last == '!' || last == '?' || last == ':';
    }

    private void endParagraph() {
        String prose = withoutLongWords(Inline.plain(paragraph.toString()));
        if (!prose.isEmpty()) {
            paragraphs.add(prose);
        }
        paragraph.setLength(0);
    }

    /// A word of more than 80 characters is data (a key, Base64, an address): nothing to read, but slow to look at.
    private static String withoutLongWords(String line) {
        return SPACES.matcher(LONG_WORD.matcher(line).replaceAll("")).replaceAll(" ").strip();
    }

    private static String withoutFrontMatter(String text) {
        int end = text.startsWith("---\n") ? text.indexOf("\n---\n", 3) : -1;
        return end < 0 ? text : text.substring(end + 5);
    }

    private static String withoutComments(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        int from = 0;
        while (true) {
            int start = text.indexOf("<!--", from);
            int end = start < 0 ? -1 : text.indexOf("-->", start);
            if (end < 0) {
                return kept.append(text, from, text.length()).toString();
            }
            kept.append(text, from, start);
            from = end + 3;
        }
    }
}
