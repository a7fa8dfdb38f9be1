package ai.j1msky.worker.http;

import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cuts a body into server-sent events (WHATWG HTML, section 9.2), holding one event at most.
///
/// Stricter than a browser: malformed UTF-8 and an event over the limit are failures. An event that lacks its blank line
/// at the end of the body is dropped, as the standard says.
final class EventReader {

    /// Where the bytes come from.
    interface Source {
        /// The next bytes, or null at the end of the body.
        @Nullable List<ByteBuffer> next() throws ModelFailure;
    }

    private final Source source;
    private final int maxEventBytes;
    private final Deque<ByteBuffer> pending = new ArrayDeque<>();
    private boolean afterCarriageReturn;

    EventReader(Source source, int maxEventBytes) {
        this.source = source;
        this.maxEventBytes = maxEventBytes;
    }

    /// The next event with data, or null at the end of the body.
    ///
    /// @throws ModelFailure of the source, or [Kind#PROVIDER_STREAM]
    @Nullable ServerSentEvent next() throws ModelFailure {
        @Nullable String name = null;
        StringBuilder data = new StringBuilder();
        boolean hasData = false;
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty()) {
                if (hasData) {
                    return new ServerSentEvent(name, data.toString());
                }
                name = null;
            } else if (line.startsWith("event:")) {
                name = value(line, "event:");
            } else if (line.startsWith("data:")) {
                data.append(hasData ? "\n" : "").append(value(line, "data:"));
                hasData = true;
                requireWithinLimit(data.length());
            }
        }
        return null;
    }

    private static String value(String line, String field) {
        String value = line.substring(field.length());
        return value.startsWith(" ") ? value.substring(1) : value;
    }

    /// The next line without its end, which is LF, CR LF or CR; null at the end of the body.
    private @Nullable String line() throws ModelFailure {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        for (int next = read(); next >= 0; next = read()) {
            boolean secondHalfOfLineEnd = next == '\n' && afterCarriageReturn;
            afterCarriageReturn = next == '\r';
            if (secondHalfOfLineEnd) {
                continue;
            }
            if (next == '\n' || next == '\r') {
                return decoded(line);
            }
            line.write(next);
            requireWithinLimit(line.size());
        }
        return null;
    }

    /// The next byte, or -1 at the end of the body.
    private int read() throws ModelFailure {
        while (pending.isEmpty() || !pending.peek().hasRemaining()) {
            pending.poll();
            if (pending.isEmpty()) {
                List<ByteBuffer> buffers = source.next();
                if (buffers == null) {
                    return -1;
                }
                pending.addAll(buffers);
            }
        }
        return pending.element().get() & 0xFF;
    }

    private void requireWithinLimit(int size) throws ModelFailure {
        if (size > maxEventBytes) {
            throw new ModelFailure(
                    Kind.PROVIDER_STREAM, "The provider sent an event that is too long.");
        }
    }

    private static String decoded(ByteArrayOutputStream line) throws ModelFailure {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new ModelFailure(
                    Kind.PROVIDER_STREAM, "The provider's stream is not valid UTF-8.");
        }
    }
}
