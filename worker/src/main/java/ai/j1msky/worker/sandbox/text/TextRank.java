package ai.j1msky.worker.sandbox.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Ranks sentences by how much they have in common with the rest (Mihalcea and Tarau, 2004).
///
/// Sentences are unit vectors of tf-idf weights and similarity is their cosine. The similarity matrix is never built:
/// multiplying by it is two passes over the vectors, so time and memory are linear in the number of words.
final class TextRank {

    private static final double DAMPING = 0.85;
    private static final int ITERATIONS = 30;

    private final double[][] weights;
    private final int[][] terms;
    private final int vocabulary;

    private TextRank(int[][] terms, double[][] weights, int vocabulary) {
        this.terms = terms;
        this.weights = weights;
        this.vocabulary = vocabulary;
    }

    /// @param sentences the terms of each sentence, repeated as often as they occur
    static TextRank of(List<List<String>> sentences) {
        Map<String, Integer> numbers = new HashMap<>();
        Map<String, Integer> spread = new HashMap<>();
        for (List<String> sentence : sentences) {
            for (String term : new HashSet<>(sentence)) {
                spread.merge(term, 1, Integer::sum);
            }
            sentence.forEach(term -> numbers.putIfAbsent(term, numbers.size()));
        }
        int[][] terms = new int[sentences.size()][];
        double[][] weights = new double[sentences.size()][];
        for (int at = 0; at < terms.length; at++) {
            terms[at] =
                    sentences.get(at).stream().distinct().mapToInt(numbers::get).sorted().toArray();
            Map<Integer, Double> vector = new HashMap<>();
            for (String term : sentences.get(at)) {
                double rarity = Math.log1p((double) terms.length / spread.getOrDefault(term, 1));
                vector.merge(numbers.getOrDefault(term, 0), rarity, Double::sum);
            }
            weights[at] = unit(Arrays.stream(terms[at]).mapToDouble(vector::get).toArray());
        }
        return new TextRank(terms, weights, numbers.size());
    }

    /// The rank of each sentence; they add up to about 1. Early sentences get somewhat more of the random jumps.
    double[] ranks() {
        int count = terms.length;
        double[] jump = new double[count];
        for (int at = 0; at < count; at++) {
            jump[at] = 1 / Math.sqrt(1.0 + at);
        }
        double jumps = Arrays.stream(jump).sum();
        double[] degree = similarityTimes(ones(count));
        double[] rank = new double[count];
        Arrays.fill(rank, 1.0 / count);
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            double[] share = new double[count];
            for (int at = 0; at < count; at++) {
                share[at] = degree[at] > 1e-9 ? rank[at] / degree[at] : 0;
            }
            double[] received = similarityTimes(share);
            for (int at = 0; at < count; at++) {
                rank[at] = (1 - DAMPING) * jump[at] / jumps + DAMPING * received[at];
            }
        }
        return rank;
    }

    /// The cosine of two sentences, 0 to 1.
    double similarity(int one, int other) {
        double product = 0;
        int right = 0;
        for (int left = 0; left < terms[one].length; left++) {
            while (right < terms[other].length && terms[other][right] < terms[one][left]) {
                right++;
            }
            if (right < terms[other].length && terms[other][right] == terms[one][left]) {
                product += weights[one][left] * weights[other][right];
            }
        }
        return product;
    }

    /// Multiplies the similarity matrix, with zeros on its diagonal, by `vector`.
    private double[] similarityTimes(double[] vector) {
        double[] byTerm = new double[vocabulary];
        for (int at = 0; at < terms.length; at++) {
            for (int term = 0; term < terms[at].length; term++) {
                byTerm[terms[at][term]] += weights[at][term] * vector[at];
            }
        }
        double[] product = new double[terms.length];
        for (int at = 0; at < terms.length; at++) {
            double sum = 0;
            double self = 0;
            for (int term = 0; term < terms[at].length; term++) {
                sum += weights[at][term] * byTerm[terms[at][term]];
                self += weights[at][term] * weights[at][term];
            }
            product[at] = sum - self * vector[at];
        }
        return product;
    }

    private static double[] unit(double[] vector) {
        double length = Math.sqrt(Arrays.stream(vector).map(weight -> weight * weight).sum());
        return length > 0 ? Arrays.stream(vector).map(weight -> weight / length).toArray() : vector;
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
