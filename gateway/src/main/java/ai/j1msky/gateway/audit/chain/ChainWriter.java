package ai.j1msky.gateway.audit.chain;

import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.NodeId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.WireJson;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that writes what happened. Whoever has a fact puts it in a bounded queue and goes on; what finds no room
/// is counted, and the count is an entry as soon as one can be written.
///
/// A batch that failed is written again in another chain: nobody can tell what became of the old one's transaction,
/// and whichever it was, entries and anchor agree in it. Facts that then stand there twice have the same id.
public final class ChainWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ChainWriter.class);

    /// Facts that may wait. With masked bodies some are 8 KiB: 32 MiB at worst.
    private static final int ROOM = 4_000;

    private static final int LARGEST_BATCH = 1_000;
    private static final Duration IDLE = Duration.ofMillis(200);
    private static final Duration GATHERING = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration LAST_WRITE = Duration.ofSeconds(6);

    private final LogClients clients;
    private final AnchorSeal seal;
    private final Clock clock;
    private final Runnable tick;
    private final WorkerId life;
    private final BlockingQueue<AuditFact> waiting = new ArrayBlockingQueue<>(ROOM);
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong lostUnsaid = new AtomicLong();
    private final Thread thread;
    private volatile boolean failing;
    private volatile boolean closed;
    private @Nullable ChainSession session;
    private int sessions;
    private long nextTick = System.nanoTime();

    /// @param tick called on the writer's thread about once a second
    public ChainWriter(
            LogClients clients, AnchorSeal seal, NodeId node, Clock clock, Runnable tick) {
        this.clients = clients;
        this.seal = seal;
        this.clock = clock;
        this.tick = tick;
        this.life = WorkerId.mint(node, new SecureRandom());
        this.thread = Thread.ofPlatform().name("audit-writer").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /// Takes a fact to be written; never waits. False when there is no room: then it is lost and counted.
    public boolean offer(AuditFact fact) {
        if (!closed && waiting.offer(fact)) {
            return true;
        }
        lost.incrementAndGet();
        lostUnsaid.incrementAndGet();
        return false;
    }

    /// Whether what happens now can be written soon, as far as is known.
    public boolean isWritable() {
        return !failing && waiting.remainingCapacity() > ROOM / 10;
    }

    public long written() {
        return written.get();
    }

    public long lost() {
        return lost.get();
    }

    public int queued() {
        return waiting.size();
    }

    /// Writes what waits, when the log takes it, and stops.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.join(LAST_WRITE)) {
                thread.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<AuditFact> batch = new ArrayList<>();
        while (!(closed && batch.isEmpty() && waiting.isEmpty())) {
            try {
                tickWhenDue();
                gather(batch);
                if (batch.isEmpty() || write(batch)) {
                    batch.clear();
                } else if (closed) {
                    break;
                } else {
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            } catch (InterruptedException stop) {
                break;
            }
        }
        int left = batch.size() + waiting.size();
        if (left > 0) {
            log.atError().addKeyValue("entries", left).log("audit entries lost at the end");
        }
        abandon();
    }

    private void tickWhenDue() {
        if (System.nanoTime() - nextTick >= 0) {
            nextTick = System.nanoTime() + TICK.toNanos();
            try {
                tick.run();
            } catch (RuntimeException failed) {
                log.atWarn()
                        .addKeyValue("cause", failed.getClass().getName())
                        .log("audit housekeeping failed");
            }
        }
    }

    private void gather(List<AuditFact> batch) throws InterruptedException {
        if (!batch.isEmpty()) {
            return;
        }
        AuditFact first = waiting.poll(closed ? 0 : IDLE.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
            return;
        }
        if (!closed) {
            LockSupport.parkNanos(GATHERING.toNanos());
        }
        batch.add(first);
        waiting.drainTo(batch, LARGEST_BATCH - 1);
        long unsaid = lostUnsaid.getAndSet(0);
        if (unsaid > 0) {
            batch.add(
                    AuditFact.of(AuditEvent.AUDIT_LOST, AccountId.MAIN, clock.instant())
                            .with(WireJson.MAPPER.createObjectNode().put("count", unsaid)));
        }
    }

    /// False when it should be tried again.
    private boolean write(List<AuditFact> batch) {
        try {
            ChainSession current = session;
            if (current == null) {
                current = ChainSession.open(clients, seal, life, sessions + 1, clock.instant());
                sessions++;
                session = current;
            }
            current.write(batch);
            written.addAndGet(batch.size());
            if (failing) {
                failing = false;
                log.atInfo().log("audit log can be written again");
            }
            return true;
        } catch (KafkaException away) {
            abandon();
            if (!failing) {
                failing = true;
                log.atWarn()
                        .addKeyValue("cause", away.getClass().getSimpleName())
                        .log("audit log cannot be written");
            }
            return false;
        } catch (RuntimeException broken) {
            // Not the log's fault: another try would fail the same way and hold everything up.
            abandon();
            lost.addAndGet(batch.size());
            lostUnsaid.addAndGet(batch.size());
            log.atError()
                    .addKeyValue("cause", broken.getClass().getName())
                    .addKeyValue("entries", batch.size())
                    .log("audit entries cannot be made");
            return true;
        }
    }

    private void abandon() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
