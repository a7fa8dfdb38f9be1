package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.infra.testkit.model.RecordedCall;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/// Agents of every fate, spawned by one account while things happen to the product: they complete, fail, are refused by
/// their provider, are cancelled in the middle of an answer and before they run.
final class MoneyLoad implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PACE = Duration.ofMillis(200);
    private static final int SPAWNERS = 4;
    private static final List<String> MODELS = List.of("k2p5", "sonnet");

    private enum Fate {
        COMPLETES("delay=30ms tokens=%d"),
        FAILS("refusal chunks=3 tokens=%d"),
        IS_CANCELLED_IN_ITS_CALL("hang=mid-stream chunks=2 tokens=%d"),
        IS_REFUSED("status=400 tokens=%d"),
        IS_CANCELLED_AT_ONCE("delay=30s tokens=%d");

        private final String directives;

        Fate(String directives) {
            this.directives = directives;
        }
    }

    private final Product product;
    private final Client client;
    private final List<Spent> agents = new CopyOnWriteArrayList<>();
    private final Map<String, JsonNode> cancels = new ConcurrentHashMap<>();
    private final AtomicInteger number = new AtomicInteger();
    private final InParallel parallel = new InParallel();
    private final List<CompletableFuture<Boolean>> spawners;
    private volatile boolean enough;

    MoneyLoad(Product product, Client client) {
        this.product = product;
        this.client = client;
        this.spawners = parallel.start(SPAWNERS, ignored -> spawnAll());
    }

    /// Waits until so many more have been spawned.
    void awaitMore(int more) {
        int wanted = agents.size() + more;
        Awaitility.await(more + " more agents")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .failFast(
                        "a spawner has failed",
                        () ->
                                spawners.stream()
                                        .anyMatch(CompletableFuture::isCompletedExceptionally))
                .until(() -> agents.size() >= wanted);
    }

    /// Spawns some that no worker can take, and cancels them.
    void cancelQueued(int count) {
        List<String> workers = List.of("worker-1", "worker-2");
        workers.forEach(product.processes()::freeze);
        try {
            for (int each = 0; each < count; each++) {
                cancel(spawn(Fate.IS_CANCELLED_AT_ONCE));
            }
        } finally {
            workers.forEach(product.processes()::resume);
        }
    }

    /// Ends the load.
    ///
    /// @return all agents there were
    List<Spent> stop() {
        enough = true;
        InParallel.all(spawners);
        assertThat(agents).extracting(Spent::id).doesNotHaveDuplicates();
        return new ArrayList<>(agents);
    }

    /// What cancels were answered, by the agent's id.
    Map<String, JsonNode> cancels() {
        return Map.copyOf(cancels);
    }

    private boolean spawnAll() {
        Fate[] fates = Fate.values();
        while (!enough) {
            Fate fate = fates[number.getAndIncrement() % fates.length];
            Spent agent = spawn(fate);
            if (fate == Fate.IS_CANCELLED_IN_ITS_CALL) {
                awaitText(agent);
                cancel(agent);
            } else if (fate == Fate.IS_CANCELLED_AT_ONCE) {
                cancel(agent);
            }
            LockSupport.parkNanos(PACE.toNanos());
        }
        return true;
    }

    private Spent spawn(Fate fate) {
        int tokens = 7 + number.get() % 53;
        Scripted task = Scripted.of(fate.directives.formatted(tokens));
        String model = MODELS.get(number.get() / 3 % MODELS.size());
        Spent agent = new Spent(task, model, SteadyLoad.spawn(client, model, task));
        agents.add(agent);
        return agent;
    }

    private void awaitText(Spent agent) {
        Awaitility.await("an answer to " + agent.id())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () ->
                                product.callsOf(agent.task()).stream()
                                        .map(RecordedCall::told)
                                        .anyMatch(told -> told.textBytes() > 0));
    }

    private void cancel(Spent agent) {
        Answer answer =
                Awaitility.await("an answer to a cancel")
                        .atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(PACE)
                        .ignoreException(UncheckedIOException.class)
                        .until(() -> client.cancel(agent.id()), told -> told.status() != 503);
        cancels.put(agent.id(), answer.succeeded().body());
    }

    @Override
    public void close() {
        enough = true;
        parallel.close();
    }
}
