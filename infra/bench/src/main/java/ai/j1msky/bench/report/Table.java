package ai.j1msky.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A report as aligned text columns.
public final class Table {

    private static final List<String> HEAD =
            List.of("measured", "value", "p50 ms", "p99 ms", "ratio", "target", "met");

    private Table() {}

    /// One line per row below a line of column names, without a line end after the last.
    public static String of(List<Row> rows) {
        List<List<String>> cells =
                Stream.concat(Stream.of(HEAD), rows.stream().map(Table::cells)).toList();
        List<Integer> widths =
                IntStream.range(0, HEAD.size()).mapToObj(column -> width(cells, column)).toList();
        return cells.stream().map(line -> aligned(line, widths)).collect(Collectors.joining("\n"));
    }

    private static List<String> cells(Row row) {
        String met = row.met() == null ? "" : row.met() ? "yes" : "NO";
        return List.of(
                row.name(),
                row.value() == null ? "" : number(row.value()) + row.unit(),
                fixed(row.p50Millis()),
                fixed(row.p99Millis()),
                fixed(row.ratio()),
                row.target(),
                met);
    }

    private static String number(double value) {
        return value >= 100
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.1f", value);
    }

    private static String fixed(@Nullable Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%.2f", value);
    }

    private static int width(List<List<String>> cells, int column) {
        return cells.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }

    private static String aligned(List<String> line, List<Integer> widths) {
        return IntStream.range(0, line.size())
                .mapToObj(column -> padded(line.get(column), widths.get(column), column))
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }

    private static String padded(String cell, int width, int column) {
        String blanks = " ".repeat(width - cell.length());
        boolean figure = column >= 1 && column <= 4;
        return figure ? blanks + cell : cell + blanks;
    }
}
