package ai.j1msky.worker.sandbox.text;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import opennlp.tools.stemmer.PorterStemmer;

/// A sentence as a candidate for a summary.
///
/// @param terms the stems of its telling words, in order, repetitions included
/// @param wordCount all its words
record Sentence(String text, List<String> terms, int wordCount) {

    /// Longer ones are lists or data, and not worth tokenising.
    static final int LONGEST = 600;

    private static final Pattern FINISHED = Pattern.compile("[.!?…][\"'”’)\\]]{0,2}$");

    /// Sentences that lean on the one before: out of place anywhere else.
    private static final Set<String> LEANING =
            Set.of(
                    "it",
                    "this",
                    "that",
                    "these",
                    "those",
                    "they",
                    "he",
                    "she",
                    "his",
                    "her",
                    "its",
                    "their",
                    "however",
                    "but",
                    "so",
                    "and",
                    "or",
                    "therefore",
                    "then",
                    "thus",
                    "also",
                    "such",
                    "both",
                    "otherwise",
                    "instead",
                    "here",
                    "hence",
                    "note",
                    "yet",
                    "still",
                    "furthermore",
                    "moreover",
                    "consequently",
                    "see",
                    "for");

    static Sentence of(String text, English english, PorterStemmer stemmer) {
        if (text.length() > LONGEST) {
            return new Sentence(text, List.of(), 0);
        }
        List<String> words = english.tokens(text).stream().filter(Words::hasLetter).toList();
        List<String> terms =
                words.stream()
                        .filter(word -> word.length() > 1 && !StopWords.contains(word))
                        .map(word -> stemmer.stem(word.toLowerCase(Locale.ROOT)))
                        .toList();
        return new Sentence(text, terms, words.size());
    }

    /// Whether it stands in a summary as a person would write it: a finished sentence of 6 to 45 words, mostly letters.
    boolean readsWell() {
        return wordCount >= 6
                && wordCount <= 45
                && FINISHED.matcher(text).find()
                && letterShare() > 0.8;
    }

    boolean leansOnThePrevious() {
        String first = text.split("[\\s,]", 2)[0].toLowerCase(Locale.ROOT);
        return LEANING.contains(first);
    }

    private double letterShare() {
        long visible = text.chars().filter(c -> !Character.isWhitespace(c)).count();
        return (double) text.chars().filter(Character::isLetter).count() / Math.max(1, visible);
    }
}
