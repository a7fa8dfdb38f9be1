package ai.j1msky.e2e.cluster;

import ai.j1msky.e2e.Answer;
import ai.j1msky.e2e.Client;
import ai.j1msky.e2e.Scripted;
import ai.j1msky.e2e.Spent;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/// One account under load: a spawner for each of its keys, cancels at random moments, and readers. All of it is drawn
/// from a seed, and no more agents are spawned than [#MOST].
final class AccountLoad implements AutoCloseable {

    private static final List<String> MODELS = List.of("k2p5", "sonnet");
    private static final int MOST = 400;
    private static final int SHORTEST_PAUSE_MS = 150;
    private static final int LONGEST_PAUSE_MS = 900;
    private static final int LATEST_CANCEL_MS = 3_500;
    private static final Duration FIRST_READS = Duration.ofMillis(100);
    private static final Duration BETWEEN_READS = Duration.ofMillis(150);
    private static final Duration LONGEST_UNREAD = Duration.ofSeconds(30);

    private final List<AnyGateway> keys;
    private final Sightings sightings;
    private final long seed;
    private final List<Spent> agents = new CopyOnWriteArrayList<>();
    private final Map<String, JsonNode> cancels = new ConcurrentHashMap<>();
    private final Map<String, Instant> cancelled = new ConcurrentHashMap<>();
    private final AtomicLong slowestSpawn = new AtomicLong();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> work = new CopyOnWriteArrayList<>();
    private volatile boolean enough;

    /// @param keys of one account
    AccountLoad(List<AnyGateway> keys, Sightings sightings, long seed) {
        this.keys = keys;
        this.sightings = sightings;
        this.seed = seed;
    }

    void start() {
        for (int each = 0; each < keys.size(); each++) {
            AnyGateway key = keys.get(each);
            Random random = new Random(seed * 31 + each);
            work.add(threads.submit(() -> spawnAll(key, random)));
        }
        Random random = new Random(seed * 31 + keys.size());
        work.add(threads.submit(() -> readAll(random)));
    }

    /// Spawns agents whose calls last that long, and answers when all of them are accepted.
    List<Spent> hold(int count, Duration callLasts) {
        List<Future<Spent>> spawned = new ArrayList<>();
        for (int each = 0; each < count; each++) {
            AnyGateway key = keys.get(each % keys.size());
            String directives = "delay=%dms tokens=20".formatted(callLasts.toMillis());
            spawned.add(threads.submit(() -> spawn(key, "k2p5", directives)));
        }
        return spawned.stream().map(AccountLoad::got).toList();
    }

    /// Ends the load when everything it has begun is answered.
    ///
    /// @throws IllegalStateException when a client was left without an answer for too long, or got a wrong one
    void stop() {
        enough = true;
        // Cancels add themselves while spawners run.
        for (int done = 0; done < work.size(); done++) {
            Object _ = got(work.get(done));
        }
    }

    List<Spent> agents() {
        return List.copyOf(agents);
    }

    /// What cancels were answered, by the agent's id.
    Map<String, JsonNode> cancels() {
        return Map.copyOf(cancels);
    }

    /// When a cancel was answered, by the agent's id.
    Map<String, Instant> cancelled() {
        return Map.copyOf(cancelled);
    }

    /// The longest that a client tried until its spawn was answered 200.
    Duration slowestSpawn() {
        return Duration.ofNanos(slowestSpawn.get());
    }

    /// A client of the account.
    AnyGateway client() {
        return keys.getFirst();
    }

    private void spawnAll(AnyGateway key, Random random) {
        while (!enough && agents.size() < MOST) {
            String model = MODELS.get(random.nextInt(MODELS.size()));
            int tokens = 7 + random.nextInt(50);
            int kind = random.nextInt(100);
            if (kind < 55) {
                int delay = 30 + random.nextInt(1_500);
                spawn(key, model, "delay=%dms tokens=%d".formatted(delay, tokens));
            } else if (kind < 65) {
                spawn(key, model, "refusal chunks=3 tokens=" + tokens);
            } else if (kind < 70) {
                spawn(key, model, "status=400 tokens=" + tokens);
            } else if (kind < 85) {
                int delay = random.nextInt(1_000);
                int after = random.nextInt(LATEST_CANCEL_MS);
                Spent agent =
                        spawn(
                                key,
                                model,
                                "delay=%dms hang=mid-stream chunks=2 tokens=%d"
                                        .formatted(delay, tokens));
                work.add(threads.submit(() -> cancel(key, agent, Duration.ofMillis(after))));
            } else {
                int delay = 4_000 + random.nextInt(4_000);
                spawn(key, model, "delay=%dms tokens=%d".formatted(delay, tokens));
            }
            int pause = SHORTEST_PAUSE_MS + random.nextInt(LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS);
            LockSupport.parkNanos(Duration.ofMillis(pause).toNanos());
        }
    }

    private Spent spawn(AnyGateway key, String model, String directives) {
        Scripted task = Scripted.of(directives);
        long begun = System.nanoTime();
        Answer answer =
                key.insist(
                                "a spawn to be answered",
                                client ->
                                        client.spawn(
                                                Client.order(model, task.task()), task.marker()),
                                AccountLoad::isDecided)
                        .succeeded();
        long answered = System.nanoTime();
        slowestSpawn.accumulateAndGet(answered - begun, Math::max);
        Spent agent = new Spent(task, model, answer);
        sightings.spawned(agent.id(), answered);
        agents.add(agent);
        work.add(threads.submit(() -> readUntilThere(key, agent, answered)));
        return agent;
    }

    /// An earlier try of the same request may be under way still, at another gateway.
    private static boolean isDecided(Answer answer) {
        return answer.status() != 503 && answer.status() != 409;
    }

    private void readUntilThere(AnyGateway key, Spent agent, long spawned) {
        while (!sightings.isRead(agent.id())
                && System.nanoTime() - spawned < LONGEST_UNREAD.toNanos()) {
            read(key, agent.id());
            LockSupport.parkNanos(FIRST_READS.toNanos());
        }
    }

    private void readAll(Random random) {
        while (!enough) {
            if (!agents.isEmpty()) {
                // The newest are those to which something still happens.
                int back =
                        random.nextInt(Math.min(agents.size(), random.nextBoolean() ? 40 : MOST));
                read(
                        keys.get(random.nextInt(keys.size())),
                        agents.get(agents.size() - 1 - back).id());
            }
            LockSupport.parkNanos(BETWEEN_READS.toNanos());
        }
    }

    /// One look at an agent; no answer and 503 say nothing.
    void read(AnyGateway key, String id) {
        long asked = System.nanoTime();
        try {
            sightings.saw(id, asked, key.once(client -> client.agent(id)));
        } catch (UncheckedIOException noAnswer) {
            // Its gateway is gone; the next look is at another.
        }
    }

    private void cancel(AnyGateway key, Spent agent, Duration after) {
        LockSupport.parkNanos(after.toNanos());
        Answer answer = key.insist("a cancel to be answered", client -> client.cancel(agent.id()));
        boolean tooLate = answer.status() == 409;
        if (!tooLate) {
            cancels.put(agent.id(), answer.succeeded().body());
            cancelled.put(agent.id(), Instant.now());
        }
    }

    private static <T> T got(Future<T> begun) {
        try {
            return begun.get();
        } catch (java.util.concurrent.ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        enough = true;
        threads.shutdownNow();
    }
}
