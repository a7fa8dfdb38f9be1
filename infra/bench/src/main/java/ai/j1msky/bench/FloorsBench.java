package ai.j1msky.bench;

import ai.j1msky.bench.measure.Effort;
import ai.j1msky.bench.measure.RateRounds;
import ai.j1msky.bench.measure.Series;
import ai.j1msky.bench.process.Calm;
import ai.j1msky.bench.process.Cleanup;
import ai.j1msky.bench.report.Row;
import ai.j1msky.bench.stack.FloorProcess;
import ai.j1msky.bench.stack.LocalBackends;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Measures the two floors alone, on a Kafka and a Redis of its own.
final class FloorsBench {

    /// The launcher's flags of the gateway.
    private static final List<String> JVM_FLAGS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xmx192m",
                    "-Xss512k",
                    "-XX:+UseCompactObjectHeaders",
                    "--enable-native-access=ALL-UNNAMED");

    private final Effort effort;
    private final Cleanup cleanup;

    FloorsBench(Effort effort, Cleanup cleanup) {
        this.effort = effort;
        this.cleanup = cleanup;
    }

    List<Row> measure(Path directory) {
        LocalBackends backends = LocalBackends.start(directory, cleanup);
        FloorProcess process = FloorProcess.start(backends.backends(), JVM_FLAGS, cleanup);
        List<Long> pids = new ArrayList<>(backends.pids());
        pids.add(process.pid());
        Floors floors = new Floors(process.address());
        RateRounds rounds = new RateRounds(effort, new Calm(pids));
        return rounds.measure(List.of(floors.first(), floors.second())).stream()
                .map(Series::row)
                .toList();
    }
}
