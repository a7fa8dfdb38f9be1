package ai.j1msky.infra.testkit.webhook;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An HTTP server on loopback, on plain sockets, that keeps a log of its requests. The path says how it answers:
///
/// | Path | Answer |
/// |---|---|
/// | `/ok` | 200 |
/// | `/status/503` | that status |
/// | `/later/429/60` | that status, with `Retry-After: 60` |
/// | `/fails/3` | 500 three times for each `webhook-id`, then 200 |
/// | `/redirect` | 302 to `/ok` |
/// | `/silent` | none, until the client goes |
/// | `/drip` | the head, one byte a second |
/// | `/endless` | 200 and a body without an end |
/// | `/reset` | the connection is reset |
public final class WebhookReceiver implements AutoCloseable {

    private static final int LARGEST_HEAD = 64 * 1024;

    private final ServerSocket server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /// One request.
    ///
    /// @param headers by their names in lower case
    /// @param nanoTime when it was whole
    public record Received(String path, Map<String, String> headers, String body, long nanoTime) {
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private WebhookReceiver(ServerSocket server) {
        this.server = server;
    }

    public static WebhookReceiver start() {
        try {
            WebhookReceiver receiver =
                    new WebhookReceiver(
                            new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(receiver::accept);
            return receiver;
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    public URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    }

    /// All requests so far, in the order in which they were whole.
    public List<Received> received() {
        return List.copyOf(received);
    }

    public List<Received> received(String path) {
        return received.stream().filter(request -> request.path().equals(path)).toList();
    }

    /// How often somebody connected.
    public int connections() {
        return connections.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                Received request = read(in);
                if (request == null) {
                    return;
                }
                received.add(request);
                answer(request, socket);
            }
        } catch (IOException gone) {
            // The client's matter.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private static @Nullable Received read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > LARGEST_HEAD) {
                return null;
            }
            head.append((char) next);
        }
        List<String> lines = head.toString().lines().toList();
        Map<String, String> headers = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        String path = lines.getFirst().split(" ", -1)[1];
        return new Received(
                path, headers, new String(body, StandardCharsets.UTF_8), System.nanoTime());
    }

    private void answer(Received request, Socket socket) throws IOException, InterruptedException {
        OutputStream out = socket.getOutputStream();
        String[] words = request.path().substring(1).split("[/?]", -1);
        switch (words[0]) {
            case "status" -> write(out, Integer.parseInt(words[1]), "");
            case "later" ->
                    write(out, Integer.parseInt(words[1]), "Retry-After: " + words[2] + "\r\n");
            case "fails" -> {
                int times =
                        seen.computeIfAbsent(
                                        request.path() + request.header("webhook-id"),
                                        _ -> new AtomicInteger())
                                .incrementAndGet();
                write(out, times <= Integer.parseInt(words[1]) ? 500 : 200, "");
            }
            case "redirect" -> write(out, 302, "Location: " + url("/ok") + "\r\n");
            case "silent" -> waitForTheClient(socket);
            case "drip" -> {
                for (byte each :
                        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII)) {
                    out.write(each);
                    out.flush();
                    TimeUnit.SECONDS.sleep(1);
                }
            }
            case "endless" -> {
                out.write(
                        "HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                byte[] piece = new byte[64 * 1024];
                while (true) {
                    out.write(piece);
                }
            }
            case "reset" -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            default -> write(out, 200, "");
        }
    }

    private static void waitForTheClient(Socket socket) throws IOException {
        while (socket.getInputStream().read() >= 0) {
            // It sends nothing more.
        }
    }

    private static void write(OutputStream out, int status, String headers) throws IOException {
        String head = "HTTP/1.1 " + status + " Told\r\n" + headers + "Content-Length: 0\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException ignored) {
            // It is gone all the same.
        }
    }
}
