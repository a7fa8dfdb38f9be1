package ai.j1msky.gateway.auditlog;

import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.audit.chain.ChainCheck;
import ai.j1msky.gateway.audit.chain.ChainVerifier;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Runs one verification at a time: who asks while one runs gets its result.
final class Verifications {

    /// For a log of some ten million entries; a request does not wait that long.
    private static final Duration LONGEST_RUN = Duration.ofMinutes(10);

    /// A late result is kept for whoever was told to come again.
    private static final Duration KEPT = Duration.ofSeconds(30);

    /// Another clock may have been behind the broker's when it let entries expire.
    private static final Duration SKEW = Duration.ofHours(1);

    private final ChainVerifier verifier;
    private final Audit audit;
    private final Clock clock;
    private @Nullable CompletableFuture<ChainCheck.Result> running;
    private @Nullable CompletableFuture<ChainCheck.Result> late;
    private long lateUntil;

    Verifications(ChainVerifier verifier, Audit audit, Clock clock) {
        this.verifier = verifier;
        this.audit = audit;
        this.clock = clock;
    }

    /// The result of a run that began after this was asked, of the one that runs, or of one that nobody waited for.
    synchronized CompletableFuture<ChainCheck.Result> result() {
        if (late != null && late.isDone() && System.nanoTime() - lateUntil < 0) {
            CompletableFuture<ChainCheck.Result> kept = late;
            late = null;
            return kept.copy();
        }
        if (running == null) {
            CompletableFuture<ChainCheck.Result> run = new CompletableFuture<>();
            running = run;
            Thread _ = Thread.ofVirtual().name("audit-verify").start(() -> run(run));
        }
        return running.copy();
    }

    /// Keeps the result of the run at hand for whoever asks next: who waited for it has left.
    synchronized void keepLate() {
        if (running != null) {
            late = running;
        }
    }

    private void run(CompletableFuture<ChainCheck.Result> run) {
        try {
            long deadline = System.nanoTime() + LONGEST_RUN.toNanos();
            run.complete(
                    verifier.verify(audit.policy().cutoff(clock.instant()).plus(SKEW), deadline));
        } catch (RuntimeException failed) {
            run.completeExceptionally(failed);
        } finally {
            ended();
        }
    }

    private synchronized void ended() {
        running = null;
        lateUntil = System.nanoTime() + KEPT.toNanos();
    }
}
