package ai.j1msky.infra.testkit.model;

import ai.j1msky.infra.testkit.model.RecordedCall.Told;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The log that a [ModelServer] of another process writes, read while it grows. Thread-safe.
///
/// Of the headers of a call it says nothing: they are not in the log.
public final class CallLogFile {

    private final Path file;
    private final Map<Long, RecordedCall> calls = new TreeMap<>();
    private long read;

    /// @param file may come into being later
    public CallLogFile(Path file) {
        this.file = file;
    }

    /// All calls in the order of arrival, as far as they are in the file.
    public synchronized List<RecordedCall> calls() {
        if (!file.toFile().exists()) {
            return List.of();
        }
        try {
            newLines().lines().map(ModelWire.JSON::readTree).forEach(this::fold);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return List.copyOf(calls.values());
    }

    /// The whole lines that have come since the last look.
    private String newLines() throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[Math.toIntExact(log.length() - read)];
            log.seek(read);
            log.readFully(bytes);
            int whole = bytes.length;
            while (whole > 0 && bytes[whole - 1] != '\n') {
                whole--;
            }
            read += whole;
            return new String(bytes, 0, whole, StandardCharsets.UTF_8);
        }
    }

    private void fold(JsonNode line) {
        Instant at = Instant.parse(line.get("time").asString());
        RecordedCall call =
                calls.computeIfAbsent(line.get("call").asLong(), id -> started(id, at, line));
        RecordedCall changed =
                switch (line.get("event").asString()) {
                    case "first_byte" -> call.firstByte(line.get("status").asInt(), at);
                    case "finished" -> call.finished(at);
                    case "closed_by_client" -> call.closed(at);
                    default -> call;
                };
        calls.put(call.id(), changed.told(told(line)));
    }

    private static RecordedCall started(long id, Instant at, JsonNode line) {
        return new RecordedCall(
                id,
                line.get("wire").asString(),
                line.get("model").asString(),
                line.get("max_tokens").asInt(),
                line.get("cap_field").asString(),
                line.get("prompt_sha256").asString(),
                text(line.get("marker")),
                Map.of(),
                0,
                at,
                null,
                null,
                null,
                told(line));
    }

    private static Told told(JsonNode line) {
        return new Told(
                line.get("prompt_bytes").asLong(),
                line.get("text_bytes").asLong(),
                text(line.get("input_tokens")),
                text(line.get("output_tokens")));
    }

    private static @Nullable String text(JsonNode value) {
        return value.isNull() ? null : value.asString();
    }
}
