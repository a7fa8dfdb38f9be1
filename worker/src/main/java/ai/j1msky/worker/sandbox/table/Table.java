package ai.j1msky.worker.sandbox.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/// A table as it was read.
///
/// The first row is the header when its cells are all different, not empty and not numbers. Rows that are too short
/// count as missing cells; cells beyond the header are ignored and the row is counted as uneven.
public final class Table {

    private final List<Column> columns;
    private final int rows;
    private final int unevenRows;
    private final boolean hasHeader;

    private Table(List<Column> columns, int rows, int unevenRows, boolean hasHeader) {
        this.columns = columns;
        this.rows = rows;
        this.unevenRows = unevenRows;
        this.hasHeader = hasHeader;
    }

    /// @param lines at least one row
    static Table of(List<List<String>> lines) {
        List<String> first = lines.getFirst();
        boolean hasHeader =
                new HashSet<>(first).size() == first.size()
                        && first.stream()
                                .noneMatch(cell -> cell.isEmpty() || Column.isNumber(cell));
        List<List<String>> data = hasHeader ? lines.subList(1, lines.size()) : lines;
        List<Column> columns = new ArrayList<>(first.size());
        for (int index = 0; index < first.size(); index++) {
            int column = index;
            columns.add(
                    new Column(
                            hasHeader ? first.get(index) : "Column " + (index + 1),
                            data.stream()
                                    .map(row -> column < row.size() ? row.get(column) : "")
                                    .toList()));
        }
        int uneven = (int) data.stream().filter(row -> row.size() != first.size()).count();
        return new Table(List.copyOf(columns), data.size(), uneven, hasHeader);
    }

    /// Whether nobody would take it for prose: even rows, at least two of them, and a column of numbers.
    public boolean isUnmistakable() {
        return unevenRows == 0 && rows >= 2 && columns.stream().anyMatch(Column::isNumeric);
    }

    /// Rows and columns in one line, then one line for each column.
    public String description() {
        String size = rows + (rows == 1 ? " row, " : " rows, ") + columns.size() + " columns";
        String header = hasHeader ? ", the first line taken as header" : ", no header";
        String uneven =
                unevenRows > 0
                        ? ", " + unevenRows + " of the rows with another number of cells"
                        : "";
        return columns.stream()
                .map(column -> "- " + column.description())
                .collect(Collectors.joining("\n", size + header + uneven + ".\n", ""));
    }
}
