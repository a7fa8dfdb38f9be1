package ai.j1msky.infra.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A loopback proxy that can stall, delay, mutilate and cut what passes through it.
///
/// Faults apply to open and new connections alike and last until [#forward()]. Methods may be called from any thread.
public final class TcpProxy implements AutoCloseable {

    private static final int BACKLOG = 128;

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Traffic traffic = new Traffic();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    private TcpProxy(InetSocketAddress target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
    }

    /// Listens on a free loopback port and forwards to a loopback port.
    ///
    /// @throws UncheckedIOException when no port is free
    public static TcpProxy to(int targetPort) {
        try {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            TcpProxy proxy =
                    new TcpProxy(
                            new InetSocketAddress(loopback, targetPort),
                            new ServerSocket(0, BACKLOG, loopback));
            Thread.startVirtualThread(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen", e);
        }
    }

    /// The port that clients connect to.
    public int port() {
        return listener.getLocalPort();
    }

    /// Ends every fault. Connections that lost answers are reset, since their streams are of no more use.
    public void forward() {
        traffic.delayBy(Duration.ZERO);
        traffic.become(Traffic.Mode.FORWARD);
        links.stream().filter(Link::lostBytes).forEach(Link::reset);
    }

    /// Nothing passes in either direction; connections stay open and are still accepted.
    public void pause() {
        traffic.become(Traffic.Mode.PAUSE);
    }

    /// Requests reach the server, its answers do not come back: what a lost acknowledgement looks like.
    public void dropResponses() {
        traffic.become(Traffic.Mode.DROP_RESPONSES);
    }

    /// Holds each chunk back for this long, in both directions.
    public void delayBy(Duration latency) {
        traffic.delayBy(latency);
    }

    /// Resets every open connection; new ones are accepted.
    public void cut() {
        links.forEach(Link::reset);
    }

    public int connections() {
        return links.size();
    }

    /// Stops listening and resets what is open.
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop listening", e);
        } finally {
            traffic.become(Traffic.Mode.CLOSED);
            cut();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.startVirtualThread(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket()) {
            server.connect(target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Link link = new Link(client, server, traffic);
            links.add(link);
            try {
                link.run();
            } finally {
                links.remove(link);
            }
        } catch (IOException e) {
            return; // the target refuses: the client sees its connection close
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
