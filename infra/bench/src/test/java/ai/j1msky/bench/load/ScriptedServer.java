package ai.j1msky.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/// A server that answers its n-th request (from 0, over all connections) with the bytes that a script says, and closes
/// the connection where the script says nothing. Understands requests without a body.
final class ScriptedServer implements AutoCloseable {

    static final String HANG_UP = "";

    private final ServerSocket listener;
    private final LongFunction<String> script;
    private final AtomicLong requests = new AtomicLong();

    private ScriptedServer(ServerSocket listener, LongFunction<String> script) {
        this.listener = listener;
        this.script = script;
    }

    static ScriptedServer start(LongFunction<String> script) {
        try {
            ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
            ScriptedServer server = new ScriptedServer(listener, script);
            Thread.ofVirtual().start(server::accept);
            return server;
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    static String response(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " Whatever\r\n" + headers + "\r\n" + body;
    }

    static String withLength(int status, String body) {
        return response(status, "content-length: " + body.length() + "\r\n", body);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    }

    long requests() {
        return requests.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    String answer = script.apply(requests.getAndIncrement());
                    if (answer.equals(HANG_UP)) {
                        return;
                    }
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException closed) {
            // The generator closes its connections at the end of its time.
        }
    }
}
