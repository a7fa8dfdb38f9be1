package ai.j1msky.worker.sandbox.table;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// One column of a table.
///
/// @param cells the cells below the header; an empty one is missing
record Column(String name, List<String> cells) {

    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]{1,18}(?:\\.[0-9]{1,18})?");
    private static final MathContext SHOWN = new MathContext(8, RoundingMode.HALF_EVEN);
    private static final int LONGEST_SHOWN = 40;
    private static final int FEW = 5;

    static boolean isNumber(String cell) {
        return NUMBER.matcher(cell).matches();
    }

    /// Whether it has values and all of them are numbers.
    boolean isNumeric() {
        return cells.stream().anyMatch(Column::isNumber)
                && cells.stream().allMatch(cell -> cell.isEmpty() || isNumber(cell));
    }

    /// One line, for example `price: numbers, min 1.5, max 9, mean 4.25`.
    String description() {
        List<String> values = cells.stream().filter(cell -> !cell.isEmpty()).toList();
        int missing = cells.size() - values.size();
        String what =
                values.isEmpty() ? "no values" : isNumeric() ? numbers(values) : texts(values);
        return shortened(name) + ": " + what + (missing > 0 ? ", " + missing + " missing" : "");
    }

    private static String numbers(List<String> values) {
        List<BigDecimal> numbers = values.stream().map(BigDecimal::new).toList();
        BigDecimal min = numbers.getFirst();
        BigDecimal max = min;
        BigDecimal sum = BigDecimal.ZERO;
        for (BigDecimal number : numbers) {
            min = min.min(number);
            max = max.max(number);
            sum = sum.add(number);
        }
        BigDecimal mean = sum.divide(BigDecimal.valueOf(numbers.size()), SHOWN);
        return "numbers, min "
                + plain(min)
                + ", max "
                + plain(max)
                + ", mean "
                + plain(mean)
                + ", sum "
                + plain(sum);
    }

    private static String texts(List<String> values) {
        TreeMap<String, Integer> counts = new TreeMap<>();
        values.forEach(value -> counts.merge(value, 1, Integer::sum));
        if (counts.size() > FEW) {
            return "text, " + counts.size() + " different values";
        }
        StringBuilder text = new StringBuilder("text");
        counts.forEach(
                (value, count) ->
                        text.append(", ").append(shortened(value)).append(" × ").append(count));
        return text.toString();
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static String shortened(String text) {
        String oneLine = text.replace('\n', ' ');
        return oneLine.length() <= LONGEST_SHOWN
                ? oneLine
                : oneLine.substring(0, LONGEST_SHOWN - 1) + "…";
    }
}
