package ai.j1msky.bench.measure;

import ai.j1msky.bench.load.HttpRequest;
import ai.j1msky.bench.load.LoadGenerator;
import ai.j1msky.bench.load.LoadPlan;
import ai.j1msky.bench.load.LoadResult;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// One endpoint under load: what is sent where.
///
/// @param name as it appears in the report
/// @param requests sent in turn
public record Contender(String name, InetSocketAddress server, List<HttpRequest> requests) {

    public Contender {
        requests = List.copyOf(requests);
    }

    /// Loads the endpoint once.
    ///
    /// @throws ai.j1msky.bench.load.UnexpectedAnswersException when anything but a 200 came back
    LoadResult run(Effort effort) {
        return load(effort.connections(), effort.warmUp(), effort.measured()).orFail(name);
    }

    /// Loads the endpoint without a look at its answers: a JVM that has just started may refuse some.
    void rehearse(Effort effort) {
        load(effort.connections(), Duration.ZERO, effort.rehearsal());
    }

    private LoadResult load(int connections, Duration warmUp, Duration measured) {
        return LoadGenerator.run(new LoadPlan(server, requests, connections, warmUp, measured));
    }
}
