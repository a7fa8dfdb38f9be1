package ai.j1msky.bench.measure;

import ai.j1msky.bench.load.BlockingClient;
import ai.j1msky.bench.report.Row;
import ai.j1msky.common.id.AgentId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Spawns agents one at a time, each after the one before has completed, and measures how soon a worker starts them:
/// from the last byte of the spawn's answer to the arrival of the event that says so. The event's own way through
/// Kafka is part of it; an event that is here before the answer counts as 0.
public final class Dispatches {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final AgentApi api;
    private final AgentLives lives;
    private final Histogram waits = new Histogram(3);
    private final List<AgentId> agents = new ArrayList<>();

    public Dispatches(AgentApi api, AgentLives lives) {
        this.api = api;
        this.lives = lives;
    }

    /// Spawns `number` agents after a quarter as many that are not counted.
    ///
    /// @throws IllegalStateException when one is refused or does not complete
    public Row measure(int number) {
        try (BlockingClient client = api.connect()) {
            for (int i = -number / 4; i < number; i++) {
                long wait = spawnOne(client);
                if (i >= 0) {
                    waits.recordValue(wait);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException("the gateway did not answer", broken);
        }
        return Row.quantiles(
                "spawn answered → worker starts, one at a time",
                waits.getValueAtPercentile(50) / NANOS_PER_MILLI,
                waits.getValueAtPercentile(99) / NANOS_PER_MILLI);
    }

    /// The agents spawned, all completed.
    public List<AgentId> agents() {
        return List.copyOf(agents);
    }

    private long spawnOne(BlockingClient client) throws IOException {
        long before = lives.completed();
        AgentApi.Spawned spawned = api.spawn(client);
        agents.add(spawned.id());
        long startedAt = lives.awaitStarted(spawned.id().value(), PATIENCE);
        lives.awaitCompleted(before + 1, PATIENCE);
        return Math.max(0, startedAt - spawned.answeredAt());
    }
}
