package ai.j1msky.gateway.reading;

import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/// Runs of something that may take longer than a request waits: one at a time for each key, whoever asks while one runs
/// gets its result, and what nobody waited for is kept for a while. Runs block, on threads of their own.
public final class LongRuns<K, V> {

    /// For a log of some ten million entries; a request does not wait that long.
    private static final Duration LONGEST_RUN = Duration.ofMinutes(10);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(25);
    private static final int RETRY_AFTER = 5;

    /// A late result is kept for whoever was told to come again.
    private static final Duration KEPT = Duration.ofSeconds(30);

    private final String name;
    private final Problem unfinished;
    private final Duration patience;
    private final Semaphore free;
    private final Map<K, Run<V>> runs = new HashMap<>();

    /// @param name of its threads
    /// @param unfinished what who waited too long is told; then the same is to be asked again
    /// @param atOnce how many run at the same time; others wait
    public LongRuns(String name, Problem unfinished, int atOnce) {
        this(name, unfinished, LONGEST_WAIT, atOnce);
    }

    LongRuns(String name, Problem unfinished, Duration patience, int atOnce) {
        this.name = name;
        this.unfinished = unfinished;
        this.patience = patience;
        this.free = new Semaphore(atOnce, true);
    }

    /// What is run.
    @FunctionalInterface
    public interface Work<V> {

        /// @param deadline when to give up, as [System#nanoTime] tells the time
        V run(long deadline);
    }

    private static final class Run<V> {
        private final CompletableFuture<V> result = new CompletableFuture<>();
        private boolean isLate;
        private long keptUntil;
    }

    /// The result of a run that began after this was asked, of the one that runs, or of one that nobody waited for.
    public Mono<V> result(K key, Work<V> work) {
        return Mono.fromFuture(() -> join(key, work))
                .timeout(patience)
                .onErrorMap(TimeoutException.class, slow -> comeAgain(key));
    }

    private synchronized CompletableFuture<V> join(K key, Work<V> work) {
        long now = System.nanoTime();
        runs.values().removeIf(run -> run.result.isDone() && now - run.keptUntil > 0);
        Run<V> found = runs.get(key);
        if (found == null) {
            Run<V> begun = new Run<>();
            runs.put(key, begun);
            Thread _ = Thread.ofVirtual().name(name).start(() -> run(key, work, begun));
            return begun.result.copy();
        }
        if (found.result.isDone()) {
            runs.remove(key);
        }
        return found.result.copy();
    }

    /// Keeps the result of the run at hand for whoever asks next: who waited for it has left.
    private synchronized ProblemException comeAgain(K key) {
        Run<V> run = runs.get(key);
        if (run != null) {
            run.isLate = true;
        }
        return ProblemException.retryAfter(unfinished, RETRY_AFTER);
    }

    private void run(K key, Work<V> work, Run<V> run) {
        free.acquireUninterruptibly();
        try {
            V value = work.run(System.nanoTime() + LONGEST_RUN.toNanos());
            ended(key, run);
            run.result.complete(value);
        } catch (RuntimeException | Error failed) {
            ended(key, run);
            run.result.completeExceptionally(failed);
        } finally {
            free.release();
        }
    }

    private synchronized void ended(K key, Run<V> run) {
        if (run.isLate) {
            run.keptUntil = System.nanoTime() + KEPT.toNanos();
        } else {
            runs.remove(key);
        }
    }
}
