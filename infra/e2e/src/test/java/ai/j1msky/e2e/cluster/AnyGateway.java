package ai.j1msky.e2e.cluster;

import ai.j1msky.e2e.Answer;
import ai.j1msky.e2e.Client;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/// One API key, used by way of whichever gateway is next: what a client behind a balancer sees.
final class AnyGateway {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PACE = Duration.ofMillis(100);

    private final List<Client> gateways;
    private final AtomicInteger turn = new AtomicInteger();

    AnyGateway(List<URI> gateways, String key) {
        this.gateways = gateways.stream().map(gateway -> new Client(gateway, key)).toList();
    }

    /// One of them, for requests that need not survive anything.
    Client first() {
        return gateways.getFirst();
    }

    /// Waits until all of them know the key.
    void awaitKnown() {
        for (Client gateway : gateways) {
            Awaitility.await("the key to be known")
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(PACE)
                    .ignoreException(UncheckedIOException.class)
                    .until(() -> gateway.get("/agents").status() == 200);
        }
    }

    /// One try.
    ///
    /// @throws UncheckedIOException when there was no answer
    Answer once(Function<Client, Answer> request) {
        return request.apply(gateways.get(Math.floorMod(turn.getAndIncrement(), gateways.size())));
    }

    /// The first answer other than 503, whoever gives it.
    Answer insist(String what, Function<Client, Answer> request) {
        return insist(what, request, answer -> answer.status() != 503);
    }

    Answer insist(String what, Function<Client, Answer> request, Predicate<Answer> enough) {
        return Awaitility.await(what)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(PACE)
                .ignoreException(UncheckedIOException.class)
                .until(() -> once(request), enough);
    }
}
