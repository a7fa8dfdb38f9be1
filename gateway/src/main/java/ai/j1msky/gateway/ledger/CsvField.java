package ai.j1msky.gateway.ledger;

/// One field of a CSV file (RFC 4180).
final class CsvField {

    /// What makes a spreadsheet take a text for a formula.
    private static final String FORMULA_STARTS = "=+-@\t\r\n";

    private static final String QUOTED = ",\"\r\n";

    private CsvField() {}

    /// The text, in quotes where it needs them. What a spreadsheet would run gets an apostrophe before it.
    static String of(String text) {
        boolean isFormula = !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0;
        String shown = isFormula ? "'" + text : text;
        return shown.chars().anyMatch(c -> QUOTED.indexOf(c) >= 0)
                ? '"' + shown.replace("\"", "\"\"") + '"'
                : shown;
    }
}
