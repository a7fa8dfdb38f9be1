package ai.j1msky.bench.measure;

import ai.j1msky.bench.load.LoadResult;
import ai.j1msky.bench.report.Row;
import ai.j1msky.bench.report.Statistics;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/// The results of one endpoint, one per round.
///
/// @param rounds in the order they were measured
public record Series(String name, List<LoadResult> rounds) {

    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    public Series {
        rounds = List.copyOf(rounds);
    }

    /// Median rate, and the quantiles over the answers of all rounds.
    public Row row() {
        Histogram all = new Histogram(3);
        rounds.forEach(round -> all.add(round.latencies()));
        return Row.of(name, Statistics.median(rates()), "/s")
                .withQuantiles(
                        all.getValueAtPercentile(50) / NANOS_PER_MILLI,
                        all.getValueAtPercentile(99) / NANOS_PER_MILLI);
    }

    /// Rate of each round divided by the rate of `floor` in the same round.
    public List<Double> ratiosTo(Series floor) {
        return IntStream.range(0, rounds.size())
                .mapToObj(i -> rounds.get(i).rate() / floor.rounds.get(i).rate())
                .toList();
    }

    private List<Double> rates() {
        return rounds.stream().map(LoadResult::rate).toList();
    }
}
