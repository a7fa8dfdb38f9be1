package ai.j1msky.bench;

import ai.j1msky.bench.load.HttpRequest;
import ai.j1msky.bench.measure.Contender;
import java.net.InetSocketAddress;
import java.util.List;

/// The endpoints of the floor server as they are loaded.
///
/// @param server where it listens
record Floors(InetSocketAddress server) {

    private static final String NO_KEY = "";

    /// As large as a spawn request with its key.
    private static final String BODY =
            """
            {"model":"k2p5","task":"sandbox:echo ok","priority":"normal"}""";

    Contender first() {
        HttpRequest get = HttpRequest.get("/floor1", NO_KEY);
        return new Contender("floor 1: GET, one EVALSHA", server, List.of(get));
    }

    /// Spring Cloud Gateway in front of the floor server.
    static Contender rival(InetSocketAddress gateway) {
        HttpRequest get = HttpRequest.get("/plain", "of anybody");
        return new Contender("Spring Cloud Gateway: GET, its Redis limiter", gateway, List.of(get));
    }

    Contender second() {
        HttpRequest post = HttpRequest.post("/floor2", NO_KEY, BODY);
        return new Contender(
                "floor 2: POST, one EVALSHA, one acks=all record", server, List.of(post));
    }
}
