package ai.j1msky.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// All that one run has found.
///
/// @param setup what was measured how: seconds, connections, rounds, flags; for the reader of the JSON
public record Report(Instant at, Map<String, Object> setup, List<Row> rows) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public Report {
        setup = Collections.unmodifiableMap(new TreeMap<>(setup)); // sorted, to compare two files
        rows = List.copyOf(rows);
    }

    /// Writes the report as indented JSON.
    ///
    /// @throws UncheckedIOException when the file cannot be written
    public void writeJson(Path file) {
        try {
            Files.writeString(file, json() + System.lineSeparator());
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot write " + file, unwritable);
        }
    }

    String json() {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this);
    }
}
