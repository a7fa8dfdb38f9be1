package ai.j1msky.worker.sandbox.text;

import java.util.Locale;

/// Counts of a text.
///
/// @param words runs between spaces that hold a letter or a digit
/// @param sentences as the sentence detector sees them, Markdown headings and code left out
/// @param characters Unicode code points, spaces included
public record TextStatistics(long words, long sentences, long characters) {

    /// Words a minute of silent reading of English non-fiction (Brysbaert, 2019).
    private static final int WORDS_PER_MINUTE = 238;

    /// Counts in `text`.
    public static TextStatistics of(String text) {
        English english = English.reader();
        long sentences =
                Markdown.paragraphs(text).stream()
                        .mapToLong(paragraph -> english.sentences(paragraph).size())
                        .sum();
        return new TextStatistics(words(text), sentences, text.codePointCount(0, text.length()));
    }

    /// One line for each count.
    public String description() {
        long seconds = Math.ceilDiv(words * 60, WORDS_PER_MINUTE);
        String time = seconds < 90 ? seconds + " s" : Math.ceilDiv(seconds, 60) + " min";
        return String.format(
                Locale.ROOT,
                "Words: %,d\nSentences: %,d\nCharacters: %,d\nReading time: about %s",
                words,
                sentences,
                characters,
                time);
    }

    private static long words(String text) {
        long words = 0;
        boolean counted = false;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                counted = false;
            } else if (!counted && Character.isLetterOrDigit(text.codePointAt(at))) {
                words++;
                counted = true;
            }
        }
        return words;
    }
}
