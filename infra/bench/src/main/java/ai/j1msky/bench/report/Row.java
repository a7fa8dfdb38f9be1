package ai.j1msky.bench.report;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One line of the report. What does not apply is null.
///
/// @param value the figure itself, in `unit`; null when the quantiles are the figure
/// @param unit for example `/s`, `MB`, `s`; empty without a value
/// @param ratio median of `ratios`
/// @param ratios of each round, to the floor, or whatever the target names, in that round
/// @param target as written in the requirements; empty when there is none
/// @param met whether the target is met; null when there is none
public record Row(
        String name,
        @Nullable Double value,
        String unit,
        @Nullable Double p50Millis,
        @Nullable Double p99Millis,
        @Nullable Double ratio,
        List<Double> ratios,
        String target,
        @Nullable Boolean met) {

    public Row {
        ratios = List.copyOf(ratios);
    }

    /// A single figure that has no target.
    public static Row of(String name, double value, String unit) {
        return new Row(name, value, unit, null, null, null, List.of(), "", null);
    }

    /// Quantiles without a rate.
    public static Row quantiles(String name, double p50Millis, double p99Millis) {
        return new Row(name, null, "", p50Millis, p99Millis, null, List.of(), "", null);
    }

    public Row withQuantiles(double p50, double p99) {
        return new Row(name, value, unit, p50, p99, ratio, ratios, target, met);
    }

    /// Judged by the median of the rounds' ratios to a floor, which must reach `least`.
    public Row atLeastOf(List<Double> toFloor, double least, String floor) {
        double median = Statistics.median(toFloor);
        String wanted = String.format(Locale.ROOT, "≥ %.2f of %s", least, floor);
        return new Row(
                name, value, unit, p50Millis, p99Millis, median, toFloor, wanted, median >= least);
    }

    /// Judged by the median of the rounds' ratios to something else, which must not pass `most`.
    public Row atMostOf(List<Double> toOther, double most, String other) {
        double median = Statistics.median(toOther);
        String wanted = String.format(Locale.ROOT, "≤ %.2f of %s", most, other);
        return new Row(
                name, value, unit, p50Millis, p99Millis, median, toOther, wanted, median <= most);
    }

    /// Shown beside something else, with no target.
    public Row besides(List<Double> toOther, String other) {
        double median = Statistics.median(toOther);
        return new Row(name, value, unit, p50Millis, p99Millis, median, toOther, other, null);
    }

    public Row judged(String wanted, boolean reached) {
        return new Row(name, value, unit, p50Millis, p99Millis, ratio, ratios, wanted, reached);
    }
}
