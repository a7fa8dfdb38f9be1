package ai.j1msky.bench.webhook;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/// All endpoints, as one server on loopback: those that answer at once, and those that never do.
final class HookReceiver implements AutoCloseable {

    private static final String HANGING = "/hanging/";
    private static final String AGENT = "\"agent_id\":\"";

    private final DisposableServer server =
            HttpServer.create().host("127.0.0.1").port(0).handle(this::answer).bindNow();
    private volatile Tally tally = new Tally();

    /// @param isHanging whether it never answers
    URI url(int endpoint, boolean isHanging) {
        String path = (isHanging ? HANGING : "/hook/") + endpoint;
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    /// What comes from now on counts there.
    void count(Tally there) {
        tally = there;
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        String id = request.requestHeaders().get("webhook-id", "");
        boolean isHanging = request.uri().startsWith(HANGING);
        return request.receive()
                .aggregate()
                .asString(StandardCharsets.UTF_8)
                .flatMap(
                        body -> {
                            if (isHanging) {
                                return Mono.never();
                            }
                            tally.take(id, agentIn(body));
                            return response.header("Content-Length", "0").send().then();
                        });
    }

    private static String agentIn(String body) {
        int start = body.indexOf(AGENT) + AGENT.length();
        return body.substring(start, body.indexOf('"', start));
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
