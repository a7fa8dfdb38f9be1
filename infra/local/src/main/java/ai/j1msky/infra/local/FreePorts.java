package ai.j1msky.infra.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Picks loopback ports that nobody listens on at the moment of asking.
final class FreePorts {

    private FreePorts() {}

    /// The port itself, or a free one when it is 0.
    ///
    /// @throws UncheckedIOException when the machine has no port left
    static int orFree(int port) {
        if (port != 0) {
            return port;
        }
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }
}
