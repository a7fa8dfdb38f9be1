package ai.j1msky.worker.sandbox.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import opennlp.tools.stemmer.PorterStemmer;

/// The words and phrases a text is about, by frequency.
///
/// A phrase is two or three words in a row, none of them a stop word, that occurs at least twice. Words of one stem
/// count together and are shown as the text writes them most often. Reads the first 50,000 words.
public final class Keywords {

    private static final int MAX_WORDS = 50_000;
    private static final int LONGEST_PHRASE = 3;

    /// Words that occur once are keywords only while there are fewer than this many.
    private static final int ENOUGH = 3;

    private static final int LONGEST_WORD = 40;
    private static final double[] WEIGHT = {0, 1, 1.9, 2.4};

    private final PorterStemmer stemmer = new PorterStemmer();
    private final Map<List<String>, Phrase> phrases = new LinkedHashMap<>();
    private int words;

    private Keywords() {}

    /// At most `count` keywords, the most telling first; of equals, the one that comes first in the text.
    public static List<String> of(List<String> paragraphs, int count) {
        Keywords keywords = new Keywords();
        for (String paragraph : paragraphs) {
            for (List<String> run : Words.runs(paragraph)) {
                keywords.read(run);
            }
        }
        return keywords.best(count);
    }

    private void read(List<String> run) {
        List<String> surfaces = new ArrayList<>();
        List<String> stems = new ArrayList<>();
        for (String word : run) {
            words++;
            if (words > MAX_WORDS) {
                break;
            }
            if (tellsNothing(word)) {
                surfaces.clear();
                stems.clear();
                continue;
            }
            surfaces.add(word);
            stems.add(stemmer.stem(word.toLowerCase(Locale.ROOT)));
            for (int length = 1; length <= Math.min(LONGEST_PHRASE, stems.size()); length++) {
                int from = stems.size() - length;
                phrases.computeIfAbsent(
                                List.copyOf(stems.subList(from, stems.size())), _ -> new Phrase())
                        .add(String.join(" ", surfaces.subList(from, surfaces.size())));
            }
        }
    }

    private static boolean tellsNothing(String word) {
        return word.length() < 2
                || word.length() > LONGEST_WORD
                || !Words.hasLetter(word)
                || StopWords.contains(word);
    }

    private List<String> best(int count) {
        Comparator<Map.Entry<List<String>, Phrase>> byScore =
                Comparator.comparingDouble(
                        entry -> -score(entry.getKey().size(), entry.getValue()));
        List<String> chosen = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Map.Entry<List<String>, Phrase> entry :
                phrases.entrySet().stream().sorted(byScore).toList()) {
            if (chosen.size() == count) {
                break;
            }
            boolean isPhrase = entry.getKey().size() > 1;
            boolean isRepeated = entry.getValue().count > 1;
            if (!isRepeated && (isPhrase || chosen.size() >= ENOUGH)) {
                continue;
            }
            if (entry.getKey().stream().noneMatch(taken::contains)) {
                chosen.add(entry.getValue().usual());
                taken.addAll(entry.getKey());
            }
        }
        return chosen;
    }

    private static double score(int length, Phrase phrase) {
        int letters = Math.min(phrase.usual().length(), 10);
        return phrase.count * WEIGHT[length] * (1 + letters / 20.0);
    }

    /// How often a phrase occurs, and how it is written.
    private static final class Phrase {

        private final Map<String, Integer> surfaces = new LinkedHashMap<>();
        private int count;

        void add(String surface) {
            count++;
            surfaces.merge(surface, 1, Integer::sum);
        }

        /// The most frequent way of writing it; lower case wins over a capital that only begins sentences.
        String usual() {
            String best = "";
            int most = 0;
            for (Map.Entry<String, Integer> surface : surfaces.entrySet()) {
                if (surface.getValue() > most
                        || (surface.getValue() == most && isLowerOf(surface.getKey(), best))) {
                    best = surface.getKey();
                    most = surface.getValue();
                }
            }
            return best;
        }

        private static boolean isLowerOf(String lower, String other) {
            return !lower.equals(other) && lower.equals(other.toLowerCase(Locale.ROOT));
        }
    }
}
