package ai.j1msky.gateway.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One TCP connection that sends whatever bytes it is given and reads HTTP/1.1 answers: an HTTP client would refuse
/// to send what these tests need.
final class RawConnection implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Socket socket;
    private final InputStream in;

    RawConnection(int port) {
        this(port, new Socket());
    }

    /// A connection on which the server can send hardly more than is read.
    static RawConnection readingLittle(int port) {
        Socket socket = new Socket();
        try {
            socket.setReceiveBufferSize(2048);
        } catch (SocketException refused) {
            throw new UncheckedIOException(refused);
        }
        return new RawConnection(port, socket);
    }

    private RawConnection(int port, Socket socket) {
        this.socket = socket;
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Sends one request on a connection of its own.
    static Answer exchange(int port, Request request) {
        try (RawConnection connection = new RawConnection(port)) {
            connection.send(request.bytes());
            return connection.read();
        }
    }

    /// False when the server has closed the connection, which it may while a body is still on its way.
    boolean send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    /// The next answer; fails when there is none.
    Answer read() {
        return next().orElseThrow(() -> new AssertionError("closed without an answer"));
    }

    /// The next answer, or nothing when the server closed the connection instead.
    Optional<Answer> next() {
        try {
            String statusLine = line();
            if (statusLine.isEmpty()) {
                return Optional.empty();
            }
            int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
            Map<String, List<String>> headers = new HashMap<>();
            for (String header = line(); !header.isEmpty(); header = line()) {
                int colon = header.indexOf(':');
                headers.computeIfAbsent(
                                header.substring(0, colon).toLowerCase(Locale.ROOT),
                                name -> new ArrayList<>())
                        .add(header.substring(colon + 1).strip());
            }
            return Optional.of(new Answer(status, headers, body(headers)));
        } catch (SocketException reset) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// The head of an answer that has no body.
    String headOnly() {
        try {
            StringBuilder head = new StringBuilder();
            for (String line = line(); !line.isEmpty(); line = line()) {
                head.append(line).append('\n');
            }
            return head.toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Waits for the server's end of the connection; fails when it stays open.
    void awaitClose() {
        try {
            if (in.read() >= 0) {
                throw new AssertionError("an answer too many");
            }
        } catch (SocketException reset) {
            // Closed, with bytes of ours unread.
        } catch (IOException stillOpen) {
            throw new AssertionError("the connection stays open", stillOpen);
        }
    }

    private byte[] body(Map<String, List<String>> headers) throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                body.writeBytes(exactly(size));
                line();
            }
            line();
            return body.toByteArray();
        }
        return exactly(
                Integer.parseInt(headers.getOrDefault("content-length", List.of("0")).getFirst()));
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private byte[] exactly(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("the answer is cut");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
