package ai.j1msky.infra.testkit.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// A model provider, on the loopback interface unless told otherwise, that speaks Anthropic's and OpenAI's wire and
/// does what the prompt says.
///
/// Without [Directives] it answers `echo: ` and the first words of the prompt. `GET /log` returns the log of all calls.
/// Any key is accepted, a missing one is refused with 401. Every connection carries one call, on a virtual thread.
public final class ModelServer implements AutoCloseable {

    private static final List<ModelWire> WIRES = List.of(new AnthropicWire(), new OpenAiWire());

    private final ServerSocket listener;
    private final CallLog log;
    private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();

    private ModelServer(InetAddress address, int port, @Nullable Path logFile) {
        try {
            this.listener = new ServerSocket(port, 128, address);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot listen on port " + port, failure);
        }
        this.log = new CallLog(logFile);
    }

    /// Starts on a free port, with its log in memory.
    public static ModelServer start() {
        return start(0, null);
    }

    /// Starts on the port, 0 for a free one, and appends its log to the file if one is given.
    ///
    /// @throws UncheckedIOException if the port is taken
    public static ModelServer start(int port, @Nullable Path logFile) {
        return start(InetAddress.getLoopbackAddress(), port, logFile);
    }

    /// Starts where other machines can reach it.
    static ModelServer start(InetAddress address, int port, @Nullable Path logFile) {
        ModelServer server = new ModelServer(address, port, logFile);
        Thread.ofPlatform().name("model-server").daemon().start(server::accept);
        return server;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// The server's root, for example `http://127.0.0.1:4711`; both wires live under `/v1` of it.
    public URI url() {
        return URI.create("http://%s:%d".formatted(host(), port()));
    }

    private String host() {
        return listener.getInetAddress().getHostAddress();
    }

    /// All calls in the order of arrival, as far as they have come.
    public List<RecordedCall> calls() {
        return log.calls();
    }

    /// The log so far, one line of JSON per event.
    public String log() {
        return log.text();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                HttpConnection connection = new HttpConnection(listener.accept());
                open.add(connection);
                Thread.startVirtualThread(() -> serve(connection));
            } catch (IOException closedOrReset) {
                // Either the server is closing, which ends the loop, or a client left at once.
            }
        }
    }

    private void serve(HttpConnection connection) {
        try (connection) {
            answer(connection, connection.read());
        } catch (IOException clientGone) {
            // Logged by the connection's watch if a call was running.
        } finally {
            open.remove(connection);
        }
    }

    private void answer(HttpConnection connection, HttpConnection.Request request)
            throws IOException {
        if (request.method().equals("GET") && request.path().equals("/log")) {
            connection.answer(200, Map.of("Content-Type", "application/x-ndjson"), log.text());
            return;
        }
        for (ModelWire wire : WIRES) {
            if (request.method().equals("POST") && request.path().equals(wire.path())) {
                call(connection, wire, request);
                return;
            }
        }
        connection.answer(404, Map.of(), "");
    }

    private void call(HttpConnection connection, ModelWire wire, HttpConnection.Request http)
            throws IOException {
        ModelRequest request;
        try {
            request = wire.read(http.headers(), ModelWire.JSON.readTree(http.body()));
        } catch (JacksonException | IllegalArgumentException refused) {
            connection.answer(400, Map.of(), wire.error(400));
            return;
        }
        Directives directives = Directives.in(request.prompt(), wire.name());
        long id = log.started(wire, request, directives.marker(), http.headers()).id();
        if (!wire.hasKey(http.headers())) {
            log.firstByte(id, 401);
            connection.answer(401, Map.of(), wire.error(401));
            log.finished(id);
            return;
        }
        connection.watch(() -> log.closedByClient(id));
        new ScriptedCall(connection, wire, request, directives, log, id).play();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        open.forEach(HttpConnection::close);
    }
}
