package ai.j1msky.infra.testkit.model;

import ai.j1msky.infra.testkit.model.RecordedCall.Told;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What happened to every call, as records in memory and as one line of JSON per event.
///
///     {"time":"…","event":"started","call":1,"wire":"anthropic","model":"…","max_tokens":512,
///      "cap_field":"max_tokens","prompt_sha256":"…","marker":"XYZ","status":0,"prompt_bytes":80,
///      "text_bytes":12,"input_tokens":"20","output_tokens":null}
///
/// Events: `started`, `first_byte`, `told`, `finished`, `closed_by_client`. Never holds a prompt or a key.
/// [CallLogFile] reads it.
final class CallLog {

    private final @Nullable Path file;
    private final Map<Long, RecordedCall> calls = new TreeMap<>();
    private final Map<String, Integer> callsByPrompt = new HashMap<>();
    private final List<String> lines = new ArrayList<>();

    CallLog(@Nullable Path file) {
        this.file = file;
    }

    synchronized RecordedCall started(
            ModelWire wire,
            ModelRequest request,
            @Nullable String marker,
            Map<String, String> headers) {
        Map<String, String> shown = new HashMap<>(headers);
        shown.replaceAll((name, value) -> isKey(name) ? "present" : value);
        RecordedCall call =
                new RecordedCall(
                        calls.size() + 1L,
                        wire.name(),
                        request.model(),
                        request.maxTokens(),
                        request.capField(),
                        request.promptSha256(),
                        marker,
                        Map.copyOf(shown),
                        0,
                        Instant.now(),
                        null,
                        null,
                        null,
                        new Told(request.promptBytes(), 0, null, null));
        callsByPrompt.merge(call.promptSha256(), 1, Integer::sum);
        record("started", call.startedAt(), call);
        return call;
    }

    private static boolean isKey(String header) {
        return header.equals("x-api-key") || header.equals("authorization");
    }

    synchronized void firstByte(long id, int status) {
        Instant now = Instant.now();
        record("first_byte", now, call(id).firstByte(status, now));
    }

    synchronized void finished(long id) {
        Instant now = Instant.now();
        record("finished", now, call(id).finished(now));
    }

    synchronized void closedByClient(long id) {
        Instant now = Instant.now();
        record("closed_by_client", now, call(id).closed(now));
    }

    /// What the client is told goes into the record before it is sent: it may have acted on it when it is there.
    synchronized void telling(long id, UnaryOperator<Told> more) {
        RecordedCall call = call(id);
        record("told", Instant.now(), call.told(more.apply(call.told())));
    }

    /// How many calls had this prompt so far, the latest included.
    synchronized int callsWith(ModelRequest request) {
        return callsByPrompt.getOrDefault(request.promptSha256(), 0);
    }

    synchronized List<RecordedCall> calls() {
        return List.copyOf(calls.values());
    }

    synchronized String text() {
        return String.join("", lines);
    }

    private RecordedCall call(long id) {
        RecordedCall call = calls.get(id);
        if (call == null) {
            throw new IllegalArgumentException("no call " + id);
        }
        return call;
    }

    private void record(String event, Instant at, RecordedCall call) {
        calls.put(call.id(), call);
        ObjectNode line = ModelWire.JSON.createObjectNode();
        line.put("time", at.toString());
        line.put("event", event);
        line.put("call", call.id());
        line.put("wire", call.wire());
        line.put("model", call.model());
        line.put("max_tokens", call.maxTokens());
        line.put("cap_field", call.capField());
        line.put("prompt_sha256", call.promptSha256());
        line.put("marker", call.marker());
        line.put("status", call.status());
        line.put("prompt_bytes", call.told().promptBytes());
        line.put("text_bytes", call.told().textBytes());
        line.put("input_tokens", call.told().inputTokens());
        line.put("output_tokens", call.told().outputTokens());
        lines.add(line + "\n");
        if (file != null) {
            append(file, line + "\n");
        }
    }

    private static void append(Path file, String line) {
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
