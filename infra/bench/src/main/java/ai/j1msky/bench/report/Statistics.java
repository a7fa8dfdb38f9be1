package ai.j1msky.bench.report;

import java.util.List;

/// The little statistics that a noisy machine asks for.
public final class Statistics {

    private Statistics() {}

    /// The middle value; the mean of the two middle ones when their number is even.
    ///
    /// @throws IllegalArgumentException when there is none
    public static double median(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values, no median");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
