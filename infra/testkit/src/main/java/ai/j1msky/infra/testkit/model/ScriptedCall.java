package ai.j1msky.infra.testkit.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// Plays one call on its connection as the directives in its prompt say.
final class ScriptedCall {

    private static final Map<String, String> STREAM =
            Map.of("Content-Type", "text/event-stream", "Transfer-Encoding", "chunked");
    private static final Map<String, String> WHOLE = Map.of("Content-Type", "application/json");
    private static final int BOMB_MEBIBYTES = 256;

    private final HttpConnection connection;
    private final ModelWire wire;
    private final ModelRequest request;
    private final Directives directives;
    private final CallLog log;
    private final long id;
    private final ScriptedAnswer answer;

    ScriptedCall(
            HttpConnection connection,
            ModelWire wire,
            ModelRequest request,
            Directives directives,
            CallLog log,
            long id) {
        this.connection = connection;
        this.wire = wire;
        this.request = request;
        this.directives = directives;
        this.log = log;
        this.id = id;
        this.answer = ScriptedAnswer.to(request, directives);
    }

    void play() throws IOException {
        connection.pause(directives.duration("delay"));
        if (directives.is("hang", "before-headers")) {
            connection.hang();
        }
        int status = status();
        if (status != 200) {
            refuse(status);
        } else if (directives.has("gzip-bomb")) {
            bomb();
        } else if (directives.has("content-length-lie")) {
            lie();
        } else if (request.streamed()) {
            stream();
        } else {
            head(200, Map.of());
            tellText(answer.text());
            if (usage()) {
                tellCounts();
            }
            connection.answer(200, WHOLE, wire.whole(request, answer, usage()));
        }
        log.finished(id);
    }

    private int status() {
        boolean over =
                directives.has("times") && log.callsWith(request) > directives.number("times", 0);
        return over ? 200 : directives.number("status", 200);
    }

    private boolean usage() {
        return !directives.has("no-usage");
    }

    private void refuse(int status) throws IOException {
        Map<String, String> headers = new HashMap<>(WHOLE);
        directives.text("retry-after").ifPresent(value -> headers.put("Retry-After", value));
        if (status / 100 == 3) {
            headers.put("Location", "/redirected");
        }
        log.firstByte(id, status);
        connection.answer(status, headers, wire.error(status));
    }

    private void head(int status, Map<String, String> headers) throws IOException {
        log.firstByte(id, status);
        if (!headers.isEmpty()) {
            connection.head(status, headers);
        }
    }

    private void stream() throws IOException {
        head(200, STREAM);
        if (directives.is("hang", "after-headers")) {
            connection.hang();
        }
        if (usage() && wire.tellsInputFirst()) {
            log.telling(id, told -> told.input(answer.inputTokens()));
        }
        send(wire.opening(request, answer, usage()));
        int sent = 0;
        for (String piece : answer.pieces()) {
            connection.pause(directives.duration("pace"));
            if (sent == 1) {
                disturb();
            }
            if (directives.number("cut-after", Integer.MAX_VALUE) == sent) {
                connection.cut();
                return;
            }
            tellText(piece);
            send(wire.delta(request, piece));
            sent++;
        }
        if (usage() && request.usageWanted()) {
            tellCounts();
        }
        send(wire.closing(request, answer, usage()));
        if (!directives.has("no-end")) {
            connection.answered();
            send(wire.last());
        }
        if (directives.has("linger")) {
            connection.hang();
        }
        connection.answered();
        connection.endChunks();
    }

    private void tellText(String text) {
        long bytes = text.getBytes(StandardCharsets.UTF_8).length;
        log.telling(id, told -> told.text(bytes));
    }

    private void tellCounts() {
        log.telling(id, told -> told.input(answer.inputTokens()).output(answer.outputTokens()));
    }

    /// What may stand in place of a quiet second text event.
    private void disturb() throws IOException {
        if (directives.is("hang", "mid-stream")) {
            connection.hang();
        }
        if (directives.has("error-event")) {
            send(wire.errorEvent());
        }
        if (directives.has("malformed")) {
            send("event: content_block_delta\ndata: {\"choices\": [ this is no JSON\n\n");
        }
        if (directives.has("bad-utf8")) {
            tellText("~");
            byte[] bytes = wire.delta(request, "~").getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = bytes[at] == '~' ? (byte) 0xC3 : bytes[at];
            }
            connection.chunk(bytes);
        }
    }

    private void send(String events) throws IOException {
        byte[] bytes = events.getBytes(StandardCharsets.UTF_8);
        int perSecond = directives.dripPerSecond();
        if (perSecond == 0) {
            connection.chunk(bytes);
            return;
        }
        for (byte one : bytes) {
            connection.chunk(new byte[] {one});
            connection.pause(Duration.ofSeconds(1).dividedBy(perSecond));
        }
    }

    private void bomb() throws IOException {
        Map<String, String> headers = new HashMap<>(STREAM);
        headers.put("Content-Encoding", "gzip");
        head(200, headers);
        byte[] spaces = new byte[1 << 20];
        Arrays.fill(spaces, (byte) ' ');
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            for (int written = 0; written < BOMB_MEBIBYTES; written++) {
                gzip.write(spaces);
            }
        }
        connection.chunk(packed.toByteArray());
        connection.answered();
        connection.endChunks();
    }

    private void lie() throws IOException {
        StringBuilder events = new StringBuilder(wire.opening(request, answer, usage()));
        answer.pieces().forEach(piece -> events.append(wire.delta(request, piece)));
        tellText(answer.text());
        byte[] bytes = events.toString().getBytes(StandardCharsets.UTF_8);
        head(
                200,
                Map.of(
                        "Content-Type",
                        "text/event-stream",
                        "Content-Length",
                        "" + bytes.length * 2));
        connection.answered();
        connection.raw(bytes);
    }
}
