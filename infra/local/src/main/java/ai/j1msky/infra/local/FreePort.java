package ai.j1msky.infra.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// Picks loopback ports for listeners that start a little later.
///
/// A port that the system picks (port 0) may be picked again, for another listener or as the near end of a connection,
/// before its listener has started. These come from below the range that Linux picks from (32768 and up, `ip(7)`,
/// `ip_local_port_range`), and no process is given one twice.
public final class FreePort {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_767;
    private static final int TRIES = 1_000;
    private static final Set<Integer> PICKED = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    /// @return a port that nobody listens on at the moment of asking
    /// @throws UncheckedIOException when there is none left
    public static int pick() {
        IOException last = new IOException("all were picked before");
        for (int attempt = 0; attempt < TRIES; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
            if (!PICKED.add(port)) {
                continue;
            }
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                last = taken;
            }
        }
        throw new UncheckedIOException("no free port", last);
    }

    /// The port itself, or a free one when it is 0.
    static int orPick(int port) {
        return port == 0 ? pick() : port;
    }
}
