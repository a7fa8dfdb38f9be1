package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/// A careful client that spawns one agent after the other while things happen to the product: each with an
/// `Idempotency-Key`, and again when the connection is refused or lost or the answer is 503.
final class SteadyLoad implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PACE = Duration.ofMillis(50);

    private final Client client;
    private final String directives;
    private final Map<Scripted, String> spawned = new ConcurrentHashMap<>();
    private final InParallel parallel = new InParallel();
    private final CompletableFuture<Boolean> spawner;
    private volatile boolean enough;

    /// @param directives what the model is to do with each task
    SteadyLoad(Client client, String directives) {
        this.client = client;
        this.directives = directives;
        this.spawner = parallel.start(this::spawnAll);
    }

    /// Waits until so many more have been spawned.
    void awaitMore(int number) {
        int wanted = spawned.size() + number;
        Awaitility.await(number + " more agents")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> spawned.size() >= wanted);
    }

    /// Stops spawning and answers with the id that each task got.
    Map<Scripted, String> stop() {
        enough = true;
        spawner.join();
        assertThat(spawned.values()).doesNotHaveDuplicates();
        return Map.copyOf(spawned);
    }

    /// Spawns a task until that is answered 200.
    static Answer spawn(Client client, Scripted task) {
        return spawn(client, "k2p5", task);
    }

    static Answer spawn(Client client, String model, Scripted task) {
        return Awaitility.await("an answer")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(PACE)
                .ignoreException(UncheckedIOException.class)
                .until(
                        () -> client.spawn(Client.order(model, task.task()), task.marker()),
                        answer -> answer.status() != 503)
                .succeeded();
    }

    private boolean spawnAll() {
        while (!enough) {
            Scripted task = Scripted.of(directives);
            spawned.put(task, spawn(client, task).agentId());
            LockSupport.parkNanos(PACE.toNanos());
        }
        return true;
    }

    @Override
    public void close() {
        enough = true;
        parallel.close();
    }
}
