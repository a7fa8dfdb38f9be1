package ai.j1msky.worker.outbox;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Appends events until they are acknowledged. What the log does not take goes to the [Spool] and is sent again when
/// the log answers, also by the next life of this worker. Thread-safe; [#put] never waits.
public final class Outbox implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);
    private static final Duration RESEND_EVERY = Duration.ofSeconds(1);
    private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(6);

    private final LogWriter writer;
    private final EntryCodec<AgentEvent> codec = new EntryCodec<>(Topics.AGENT_EVENTS);
    private final Spool spool;
    private final int limit;

    private final Set<AgentEvent> inFlight = ConcurrentHashMap.newKeySet();

    /// What the disk refused; kept here until the log or the disk takes it.
    private final Set<AgentEvent> homeless = ConcurrentHashMap.newKeySet();

    private final AtomicInteger spooled = new AtomicInteger();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("worker-outbox").unstarted(this);
    private volatile boolean closing;

    /// @param directory where events wait
    /// @param limit how many may wait before [#hasRoom] says no
    /// @throws IOException when the directory cannot be used
    public Outbox(LogWriter writer, Path directory, int limit) throws IOException {
        this.writer = writer;
        this.spool = new Spool(directory);
        this.limit = limit;
        this.spooled.set(spool.waiting().size());
    }

    public void start() {
        thread.start();
    }

    /// Whether more work may be begun whose outcome might have to wait here.
    public boolean hasRoom() {
        return waiting() < limit;
    }

    /// Events on their way, on disk and in memory.
    public int waiting() {
        return inFlight.size() + homeless.size() + spooled.get();
    }

    /// Appends an event, now or later.
    public void put(AgentEvent event) {
        inFlight.add(event);
        // Nobody waits for it: what fails is spooled.
        CompletableFuture<Position> _ =
                writer.append(codec, event)
                        .whenComplete(
                                (_, failure) -> {
                                    if (failure == null) {
                                        inFlight.remove(event);
                                    } else {
                                        // Not on the producer's own thread: writing to disk takes
                                        // its time.
                                        Thread.ofVirtual().start(() -> spool(event));
                                    }
                                });
    }

    /// Waits until nothing is on its way; what is after that time is written to disk.
    public void close(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!inFlight.isEmpty() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        closing = true;
        thread.interrupt();
        thread.join(patience);
        inFlight.forEach(this::spool);
        homeless.forEach(this::spool);
    }

    @Override
    public void run() {
        while (!closing) {
            try {
                TimeUnit.NANOSECONDS.sleep(RESEND_EVERY.toNanos());
                List.copyOf(homeless).forEach(this::spool);
                if (spooled.get() > 0) {
                    resend();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException | RuntimeException failed) {
                log.atWarn().setCause(failed).log("spool not readable");
            }
        }
    }

    private void spool(AgentEvent event) {
        try {
            if (inFlight.contains(event) || homeless.contains(event)) {
                spool.keep(event);
                spooled.incrementAndGet();
                inFlight.remove(event);
                homeless.remove(event);
            }
        } catch (IOException full) {
            homeless.add(event);
            inFlight.remove(event);
            log.atError()
                    .addKeyValue("agentId", event.agentId())
                    .addKeyValue("cause", full.getClass().getSimpleName())
                    .log("event not spooled, kept in memory");
        }
    }

    private void resend() throws IOException, InterruptedException {
        List<Path> files = spool.waiting();
        spooled.set(files.size());
        for (Path file : files) {
            Optional<AgentEvent> event = spool.read(file);
            if (event.isPresent() && !isAcknowledged(event.get())) {
                return;
            }
            spool.remove(file);
            spooled.decrementAndGet();
        }
        if (!files.isEmpty()) {
            log.atInfo().addKeyValue("events", files.size()).log("spool sent");
        }
    }

    private boolean isAcknowledged(AgentEvent event) throws InterruptedException {
        try {
            writer.append(codec, event).get(ACKNOWLEDGED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        }
    }
}
