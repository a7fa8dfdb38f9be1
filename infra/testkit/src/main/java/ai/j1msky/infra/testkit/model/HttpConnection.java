package ai.j1msky.infra.testkit.model;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One request on one connection, with full control of every byte that goes back.
///
/// Written by hand because no server library lets a test lie about lengths, stop in mid-stream or notice at once that
/// the client has gone.
final class HttpConnection implements AutoCloseable {

    /// A request as it was read.
    ///
    /// @param headers names in lower case; the last value counts
    record Request(String method, String path, Map<String, String> headers, String body) {}

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final CountDownLatch clientGone = new CountDownLatch(1);
    private volatile boolean answered;

    HttpConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        socket.setTcpNoDelay(true);
    }

    Request read() throws IOException {
        String[] start = line().split(" ", -1);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Request(start[0], start[1], Map.copyOf(headers), body);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    /// From now on, runs `onGone` as soon as the client closes the connection while the answer is incomplete.
    void watch(Runnable onGone) {
        Thread.startVirtualThread(
                () -> {
                    awaitEnd();
                    if (!answered) {
                        onGone.run();
                    }
                    clientGone.countDown();
                    close();
                });
    }

    private void awaitEnd() {
        try {
            while (in.read() >= 0) {
                // A client has nothing more to say on this connection; only its end matters.
            }
        } catch (IOException reset) {
            // A reset is an end too.
        }
    }

    /// Waits, or fails as soon as the client has gone.
    void pause(Duration duration) throws IOException {
        if (awaitGone(duration)) {
            throw new EOFException("the client closed the connection");
        }
    }

    /// Says nothing more until the client goes.
    void hang() throws IOException {
        pause(Duration.ofDays(1));
    }

    private boolean awaitGone(Duration duration) throws IOException {
        try {
            return clientGone.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new EOFException("the server is closing");
        }
    }

    /// Sends a status line and headers; `Connection: close` is always added.
    void head(int status, Map<String, String> headers) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Scripted\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        raw(
                head.append("Connection: close\r\n\r\n")
                        .toString()
                        .getBytes(StandardCharsets.US_ASCII));
    }

    /// Sends a whole answer.
    void answer(int status, Map<String, String> headers, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Length", Integer.toString(bytes.length));
        head(status, all);
        answered();
        raw(bytes);
    }

    /// Sends one chunk of a chunked body.
    void chunk(byte[] bytes) throws IOException {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(
                (HexFormat.of().toHexDigits(bytes.length) + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(bytes);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        raw(chunk.toByteArray());
    }

    /// Ends a chunked body.
    void endChunks() throws IOException {
        raw("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /// Called just before the last bytes are sent: a client that closes from here on is no early leaver.
    void answered() {
        answered = true;
    }

    /// Ends the connection without ending the body. What was sent still arrives, which a reset would not promise.
    void cut() {
        answered();
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // Closing is all that was wanted.
        }
    }
}
