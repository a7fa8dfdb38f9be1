package ai.j1msky.infra.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Objects;

/// Where the gateway is to listen, tried before anything starts: its own complaint would fill a screen.
record ListenAddress(String host, int port) {

    private static final int FIRST_FREE_FOR_ALL = 1024;

    /// @throws UsageException when nobody could listen there now
    void requireUsable() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            throw new UsageException("There is no address " + host + ": choose one with --bind.");
        } catch (IOException e) {
            throw new UsageException(sentence(Objects.toString(e.getMessage())));
        }
    }

    private String sentence(String reason) {
        if (reason.contains("already in use")) {
            return "Port " + port + " is taken by another program: choose one with --port.";
        }
        if (reason.contains("Permission denied") && port < FIRST_FREE_FOR_ALL) {
            return "Port %d is only for root: choose one from %d with --port."
                    .formatted(port, FIRST_FREE_FOR_ALL);
        }
        if (reason.contains("assign requested address")) {
            return host + " is not an address of this machine: choose one with --bind.";
        }
        return "Cannot listen on port %d of %s: %s.".formatted(port, host, reason);
    }
}
