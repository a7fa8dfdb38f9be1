package ai.j1msky.worker.lease;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.view.RedisKeys;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/// Says every second that this worker lives: one key, whatever number of agents it runs. When it lapses (after five
/// seconds), others may declare the worker's attempts lost.
public final class WorkerLease implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(WorkerLease.class);
    private static final Duration LIFE = Duration.ofSeconds(5);
    private static final Duration RENEWAL = Duration.ofSeconds(1);
    private static final Duration FRESH = Duration.ofMillis(2_500);
    private static final Duration PATIENCE = Duration.ofMillis(900);

    private final RedisLink redis;
    private final Claims claims;
    private final byte[] key;
    private final Thread thread = Thread.ofPlatform().daemon().name("worker-lease").unstarted(this);
    private volatile long renewed = System.nanoTime() - LIFE.toNanos();
    private volatile boolean ending;
    private boolean answering = true;

    public WorkerLease(RedisLink redis, Claims claims, WorkerId worker) {
        this.redis = redis;
        this.claims = claims;
        this.key = RedisKeys.lease(worker).getBytes(UTF_8);
    }

    public void start() {
        thread.start();
    }

    /// Whether Redis has taken a renewal so recently that it can be asked for claims.
    public boolean isHeld() {
        return System.nanoTime() - renewed < FRESH.toNanos();
    }

    /// Ends the lease at once: to be called when nothing runs here any more.
    public void end() throws InterruptedException {
        ending = true;
        thread.interrupt();
        thread.join(PATIENCE);
        try {
            redis.commands().del(key).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | DataAccessException unreachable) {
            log.atDebug().log("lease left to lapse");
        }
    }

    @Override
    public void run() {
        try {
            while (!ending) {
                long next = System.nanoTime() + RENEWAL.toNanos();
                renew();
                TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew() throws InterruptedException {
        // The lease lives from when it was asked for, at the earliest.
        long asked = System.nanoTime();
        try {
            SetArgs life = SetArgs.Builder.px(LIFE.toMillis());
            redis.commands()
                    .set(key, "1".getBytes(UTF_8), life)
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            renewed = asked;
            claims.returnAgain();
            report(true);
        } catch (ExecutionException | TimeoutException | DataAccessException unreachable) {
            report(false);
        }
    }

    private void report(boolean answers) {
        if (answers != answering) {
            answering = answers;
            log.atWarn()
                    .log(
                            answers
                                    ? "redis answers again"
                                    : "redis does not answer, nothing new is taken");
        }
    }
}
