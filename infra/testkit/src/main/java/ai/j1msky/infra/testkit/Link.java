package ai.j1msky.infra.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/// One proxied connection: a client's socket, the server's, and a virtual thread for each direction.
final class Link {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final Socket client;
    private final Socket server;
    private final Traffic traffic;
    private volatile boolean lostBytes;

    Link(Socket client, Socket server, Traffic traffic) {
        this.client = client;
        this.server = server;
        this.traffic = traffic;
    }

    /// Carries bytes until either side ends; blocks.
    void run() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(2);
        Thread.startVirtualThread(() -> pump(client, server, false, ended));
        Thread.startVirtualThread(() -> pump(server, client, true, ended));
        ended.await();
    }

    /// Whether answers were thrown away, so that the rest of the stream makes no sense to the client.
    boolean lostBytes() {
        return lostBytes;
    }

    /// Closes both sides with a reset, as a crashed peer would.
    void reset() {
        reset(client);
        reset(server);
    }

    private void pump(Socket from, Socket to, boolean response, CountDownLatch ended) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (traffic.pass() == Traffic.Mode.DROP_RESPONSES && response) {
                    lostBytes = true;
                } else {
                    out.write(buffer, 0, count);
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            reset(); // one side is gone: so is the connection
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            return; // already closed
        }
    }
}
