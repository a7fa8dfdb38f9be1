package ai.j1msky.worker.sandbox.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads CSV as RFC 4180 describes it, also with `;`, tab or `|` between the cells.
public final class DelimitedText {

    private static final char[] DELIMITERS = {',', ';', '\t', '|'};
    private static final int SAMPLE = 4_000;
    private static final int MAX_COLUMNS = 100;

    private final String text;
    private final char delimiter;
    private final List<List<String>> rows = new ArrayList<>();
    private List<String> row = new ArrayList<>();
    private int at;

    private DelimitedText(String text, char delimiter) {
        this.text = text;
        this.delimiter = delimiter;
    }

    /// The table in `text`, a Markdown code fence around it ignored; empty when there is none: fewer than two rows or
    /// two columns, more than 100 columns, an unclosed quote.
    public static Optional<Table> parse(String text) {
        String bare = withoutFence(text);
        String sample = bare.substring(0, Math.min(bare.length(), SAMPLE));
        char best = ',';
        long most = 0;
        for (char delimiter : DELIMITERS) {
            long count = sample.chars().filter(c -> c == delimiter).count();
            if (count > most) {
                best = delimiter;
                most = count;
            }
        }
        return most == 0 ? Optional.empty() : new DelimitedText(bare, best).read();
    }

    private Optional<Table> read() {
        while (at < text.length()) {
            if (!cell() || row.size() > MAX_COLUMNS) {
                return Optional.empty();
            }
            if (at >= text.length() || text.charAt(at) != delimiter) {
                endRow();
            } else if (at + 1 == text.length()) {
                row.add("");
                endRow();
            }
            at++;
        }
        boolean isTable = rows.size() >= 2 && rows.getFirst().size() >= 2;
        return isTable ? Optional.of(Table.of(rows)) : Optional.empty();
    }

    private void endRow() {
        if (row.size() > 1 || !row.getFirst().isEmpty()) {
            rows.add(row);
        }
        row = new ArrayList<>();
    }

    /// Reads one cell and stops on the delimiter or line break behind it; false when a quote is never closed.
    private boolean cell() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        StringBuilder cell = new StringBuilder();
        if (at < text.length() && text.charAt(at) == '"') {
            at++;
            if (!quoted(cell)) {
                return false;
            }
        }
        while (at < text.length() && text.charAt(at) != delimiter && text.charAt(at) != '\n') {
            cell.append(text.charAt(at));
            at++;
        }
        row.add(cell.toString().strip());
        return true;
    }

    private boolean quoted(StringBuilder cell) {
        while (at < text.length()) {
            char c = text.charAt(at);
            at++;
            if (c != '"') {
                cell.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                cell.append('"');
                at++;
            } else {
                return true;
            }
        }
        return false;
    }

    private static String withoutFence(String text) {
        String bare = text.strip();
        int firstLine = bare.indexOf('\n');
        if (!bare.startsWith("```") || !bare.endsWith("```") || firstLine < 0) {
            return bare;
        }
        return bare.substring(firstLine + 1, Math.max(firstLine + 1, bare.length() - 3)).strip();
    }
}
