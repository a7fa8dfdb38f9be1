package ai.j1msky.bench.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// What load to put where, and for how long.
///
/// @param server the address all connections go to
/// @param requests sent in turn, each connection starting at another one
/// @param expected the status of every answer, if the server does as it should
/// @param connections keep-alive connections, each with exactly one request in flight (a closed loop)
/// @param warmUp time under the same load before anything is counted; may be zero
/// @param measured time that counts
public record LoadPlan(
        InetSocketAddress server,
        List<HttpRequest> requests,
        int expected,
        int connections,
        Duration warmUp,
        Duration measured) {

    public LoadPlan {
        if (requests.isEmpty() || connections < 1) {
            throw new IllegalArgumentException(
                    "a load needs at least one request and one connection");
        }
        if (warmUp.isNegative() || !measured.isPositive()) {
            throw new IllegalArgumentException("a load needs a positive time");
        }
        requests = List.copyOf(requests);
    }
}
