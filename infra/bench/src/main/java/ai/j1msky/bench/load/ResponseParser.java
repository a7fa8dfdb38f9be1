package ai.j1msky.bench.load;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Finds the status and the end of each response of one connection (RFC 9112: `Content-Length` or chunked).
///
/// Incremental: bytes may arrive in any pieces. Not for responses that end with the connection; those are a
/// [MalformedResponseException]. One parser per connection; not safe for several threads.
final class ResponseParser {

    private static final int LONGEST_LINE = 16 * 1024;

    private enum State {
        STATUS_LINE,
        HEADERS,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS
    }

    private final byte[] line = new byte[LONGEST_LINE];
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final boolean keepBody;
    private State state = State.STATUS_LINE;
    private int lineLength;
    private int status;
    private long remaining = -1;
    private boolean chunked;
    private boolean closing;

    private ResponseParser(boolean keepBody) {
        this.keepBody = keepBody;
    }

    static ResponseParser countingOnly() {
        return new ResponseParser(false);
    }

    static ResponseParser keepingBodies() {
        return new ResponseParser(true);
    }

    /// Reads up to the end of one response and leaves what follows in `in`.
    ///
    /// @return whether a response is complete; its status, body and [#closing] hold until the next call
    boolean feed(ByteBuffer in) throws MalformedResponseException {
        while (in.hasRemaining()) {
            boolean complete =
                    switch (state) {
                        case BODY, CHUNK -> readBody(in);
                        default -> readLine(in) && endOfLine();
                    };
            if (complete) {
                state = State.STATUS_LINE;
                return true;
            }
        }
        return false;
    }

    int status() {
        return status;
    }

    String body() {
        return body.toString(StandardCharsets.UTF_8);
    }

    /// Whether the server said that it closes the connection after this response.
    boolean closing() {
        return closing;
    }

    private boolean readBody(ByteBuffer in) {
        int size = (int) Math.min(remaining, in.remaining());
        if (keepBody) {
            for (int i = 0; i < size; i++) {
                body.write(in.get());
            }
        } else {
            in.position(in.position() + size);
        }
        remaining -= size;
        if (remaining > 0) {
            return false;
        }
        if (state == State.CHUNK) {
            state = State.CHUNK_END;
            return false;
        }
        return true;
    }

    private boolean readLine(ByteBuffer in) throws MalformedResponseException {
        while (in.hasRemaining()) {
            byte next = in.get();
            if (next == '\n') {
                return true;
            }
            if (lineLength == LONGEST_LINE) {
                throw new MalformedResponseException("a line of the response is too long");
            }
            line[lineLength++] = next;
        }
        return false;
    }

    private boolean endOfLine() throws MalformedResponseException {
        int length = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
        lineLength = 0;
        return switch (state) {
            case STATUS_LINE -> startResponse(length);
            case HEADERS -> length == 0 ? endOfHead() : readHeader(length);
            case CHUNK_SIZE -> startChunk(length);
            case CHUNK_END -> {
                state = State.CHUNK_SIZE;
                yield false;
            }
            case TRAILERS -> length == 0;
            case BODY, CHUNK -> throw new IllegalStateException("a body has no lines");
        };
    }

    private boolean startResponse(int length) throws MalformedResponseException {
        if (length < 12 || line[0] != 'H' || line[8] != ' ') {
            throw new MalformedResponseException("no status line where one was due");
        }
        status = number(text(9, 12), 10);
        remaining = -1;
        chunked = false;
        closing = false;
        body.reset();
        state = State.HEADERS;
        return false;
    }

    private boolean readHeader(int length) throws MalformedResponseException {
        // Most headers of a response say nothing about its end: look at the first letter before
        // decoding.
        int first = line[0] | 0x20;
        if (first != 'c' && first != 't') {
            return false;
        }
        String header = text(0, length).toLowerCase(Locale.ROOT);
        if (header.startsWith("content-length:")) {
            remaining = number(header.substring(15).trim(), 10);
        } else if (header.startsWith("transfer-encoding:")) {
            chunked = header.contains("chunked");
        } else if (header.startsWith("connection:")) {
            closing = header.contains("close");
        }
        return false;
    }

    private boolean endOfHead() throws MalformedResponseException {
        if (status == 100) {
            state = State.STATUS_LINE;
            return false;
        }
        if (status == 204 || status == 304) {
            return true;
        }
        if (chunked) {
            state = State.CHUNK_SIZE;
            return false;
        }
        if (remaining < 0) {
            throw new MalformedResponseException("a response without a length");
        }
        state = State.BODY;
        return remaining == 0;
    }

    private boolean startChunk(int length) throws MalformedResponseException {
        int digits = 0;
        while (digits < length && Character.digit(line[digits], 16) >= 0) {
            digits++;
        }
        remaining = number(text(0, digits), 16);
        state = remaining == 0 ? State.TRAILERS : State.CHUNK;
        return false;
    }

    private String text(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static int number(String digits, int radix) throws MalformedResponseException {
        try {
            return Integer.parseInt(digits, radix);
        } catch (NumberFormatException notANumber) {
            throw new MalformedResponseException("a number was due in the response");
        }
    }
}
