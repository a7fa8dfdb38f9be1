package ai.j1msky.worker.sandbox.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import opennlp.tools.stemmer.PorterStemmer;

/// The sentences that stand for a text, taken from it word for word and in its order.
///
/// @param complete false when the text had more sentences than were read
public record Summary(List<String> sentences, boolean complete) {

    /// Sentences read at most.
    public static final int MAX_READ = 400;

    private static final double TOO_SIMILAR = 0.5;
    private static final double LEANING = 0.5;

    /// Chooses the sentences of a text.
    ///
    /// @param wanted how many sentences; 0 chooses 3 to 5 by the length of the text
    public static Summary of(List<String> paragraphs, int wanted) {
        List<Sentence> read = read(paragraphs);
        boolean complete = read.size() <= MAX_READ;
        List<Sentence> bounded = complete ? read : read.subList(0, MAX_READ);
        List<Sentence> good = bounded.stream().filter(Sentence::readsWell).toList();
        int count = wanted > 0 ? wanted : usualLength(good.size());
        List<Sentence> candidates = good.isEmpty() ? shortEnough(bounded) : good;
        List<String> chosen =
                choose(candidates, count).stream()
                        .map(index -> candidates.get(index).text())
                        .toList();
        return new Summary(chosen, complete);
    }

    private static int usualLength(int sentences) {
        if (sentences <= 10) {
            return 3;
        }
        return sentences <= 30 ? 4 : 5;
    }

    /// One sentence more than is used, to know whether there was more.
    private static List<Sentence> read(List<String> paragraphs) {
        English english = English.reader();
        PorterStemmer stemmer = new PorterStemmer();
        List<Sentence> sentences = new ArrayList<>();
        for (String paragraph : paragraphs) {
            for (String text : english.sentences(paragraph)) {
                if (sentences.size() > MAX_READ) {
                    return sentences;
                }
                sentences.add(Sentence.of(text, english, stemmer));
            }
        }
        return sentences;
    }

    private static List<Sentence> shortEnough(List<Sentence> sentences) {
        return sentences.stream()
                .filter(sentence -> sentence.text().length() <= Sentence.LONGEST)
                .toList();
    }

    /// The indices of the highest ranks, without near repetitions, in the order of the text. The first sentence is among
    /// them: texts introduce there what the others call "it".
    private static List<Integer> choose(List<Sentence> candidates, int count) {
        TextRank graph = TextRank.of(candidates.stream().map(Sentence::terms).toList());
        double[] ranks = graph.ranks();
        for (int at = 0; at < ranks.length; at++) {
            ranks[at] *= candidates.get(at).leansOnThePrevious() ? LEANING : 1;
        }
        List<Integer> byRank =
                IntStream.range(0, ranks.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(index -> -ranks[index]))
                        .toList();
        List<Integer> chosen = new ArrayList<>();
        if (count > 1 && !candidates.isEmpty() && !candidates.getFirst().leansOnThePrevious()) {
            chosen.add(0);
        }
        for (int index : byRank) {
            if (chosen.size() == count) {
                break;
            }
            if (chosen.stream().noneMatch(other -> graph.similarity(index, other) > TOO_SIMILAR)) {
                chosen.add(index);
            }
        }
        return chosen.stream().sorted().toList();
    }
}
