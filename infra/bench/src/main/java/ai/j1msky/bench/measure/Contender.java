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
/// @param expected the status of every answer
/// @param before done right before a measured load
/// @param after done right after it
public record Contender(
        String name,
        InetSocketAddress server,
        List<HttpRequest> requests,
        int expected,
        Runnable before,
        Runnable after) {

    /// A window that is less than this much faster than all before it is no progress.
    private static final double PROGRESS = 1.05;

    private static final int WINDOWS_WITHOUT_PROGRESS = 4;

    public Contender {
        requests = List.copyOf(requests);
    }

    public Contender(String name, InetSocketAddress server, List<HttpRequest> requests) {
        this(name, server, requests, 200, () -> {}, () -> {});
    }

    /// The same endpoint, measured between these two.
    public Contender between(Runnable first, Runnable last) {
        return new Contender(name, server, requests, expected, first, last);
    }

    /// The same endpoint, which answers all this with another status than 200.
    public Contender answering(int status) {
        return new Contender(name, server, requests, status, before, after);
    }

    /// Loads the endpoint once.
    ///
    /// @throws ai.j1msky.bench.load.UnexpectedAnswersException when anything but the expected answer came back
    public LoadResult run(Effort effort) {
        before.run();
        try {
            return load(effort.connections(), effort.warmUp(), effort.measured()).orFail(name);
        } finally {
            after.run();
        }
    }

    /// Loads the endpoint without a look at its answers (a JVM that has just started may refuse some) until it gets no
    /// faster, or the rehearsal's time is over: the more code a server runs, the longer its JVM compiles.
    void rehearse(Effort effort) {
        long end = System.nanoTime() + effort.rehearsal().toNanos();
        double best = 0;
        int withoutProgress = 0;
        while (withoutProgress < WINDOWS_WITHOUT_PROGRESS && System.nanoTime() < end) {
            double rate = load(effort.connections(), Duration.ZERO, effort.measured()).rate();
            withoutProgress = rate < best * PROGRESS ? withoutProgress + 1 : 0;
            best = Math.max(best, rate);
        }
    }

    private LoadResult load(int connections, Duration warmUp, Duration measured) {
        return LoadGenerator.run(
                new LoadPlan(server, requests, expected, connections, warmUp, measured));
    }
}
