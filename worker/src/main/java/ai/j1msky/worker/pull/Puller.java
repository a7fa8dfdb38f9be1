package ai.j1msky.worker.pull;

import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes records of one priority, so many at a time, while as many slots are free. One thread and one share consumer,
/// which is made anew when it fails.
final class Puller implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Puller.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(2);
    private static final Duration PAUSED_LONG = Duration.ofSeconds(1);
    private static final long FIRST_BACKOFF_MILLIS = 250;
    private static final long LONGEST_BACKOFF_MILLIS = 5_000;

    private final LogClients clients;
    private final Priority priority;
    private final int batch;
    private final Door door;
    private final Intake intake;
    private final @Nullable Puller larger;
    private final Thread thread;

    /// When the records came that it deals with now; 0 while it deals with none.
    private volatile long busySince;

    private long backoffMillis = FIRST_BACKOFF_MILLIS;

    /// @param larger who takes the records while there are slots for its batch, or null
    Puller(
            LogClients clients,
            Priority priority,
            int batch,
            Door door,
            Intake intake,
            @Nullable Puller larger) {
        this.clients = clients;
        this.priority = priority;
        this.batch = batch;
        this.door = door;
        this.intake = intake;
        this.larger = larger;
        this.thread = Thread.ofPlatform().daemon().name(name()).unstarted(this);
    }

    void start() {
        thread.start();
    }

    void join(Duration patience) throws InterruptedException {
        if (!thread.join(patience)) {
            thread.interrupt();
        }
    }

    @Override
    public void run() {
        while (!door.isClosed()) {
            try {
                if (isOpen(false, LOOK_AGAIN)) {
                    pull();
                }
            } catch (WakeupException | InterruptException | InterruptedException stopped) {
                log.atDebug().addKeyValue("puller", name()).log("puller interrupted");
            } catch (RuntimeException | LinkageError | OutOfMemoryError failed) {
                log.atWarn()
                        .addKeyValue("puller", name())
                        .setCause(failed)
                        .log("puller starts again");
                backOff();
            }
        }
    }

    /// Until the worker drains, or pauses so long that a fetch on its way would keep records from other workers.
    private void pull() throws InterruptedException {
        ShareConsumer<byte[], byte[]> consumer = clients.shareMember(Topics.WORKERS, name(), batch);
        try {
            consumer.subscribe(List.of(Topics.spawn(priority).name()));
            follow(consumer);
        } finally {
            consumer.close(CLOSED_WITHIN);
        }
    }

    private void follow(ShareConsumer<byte[], byte[]> consumer) throws InterruptedException {
        boolean uncommitted = false;
        boolean fetchMayBeOut = false;
        long open = System.nanoTime();
        while (!door.isClosed()) {
            if (isOpen(fetchMayBeOut, uncommitted ? Duration.ZERO : LOOK_AGAIN)) {
                // Carries the acknowledgements of the last records with it.
                ConsumerRecords<byte[], byte[]> records = poll(consumer);
                backoffMillis = FIRST_BACKOFF_MILLIS;
                fetchMayBeOut = records.isEmpty();
                uncommitted = !records.isEmpty();
                take(records).forEach(consumer::acknowledge);
                open = System.nanoTime();
            } else if (uncommitted) {
                consumer.commitAsync();
                uncommitted = false;
            } else if (fetchMayBeOut && System.nanoTime() - open > PAUSED_LONG.toNanos()) {
                return;
            }
        }
    }

    private ConsumerRecords<byte[], byte[]> poll(ShareConsumer<byte[], byte[]> consumer) {
        int found = 0;
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            found = records.count();
            return records;
        } finally {
            door.asked(priority, found == batch);
        }
    }

    private Map<ConsumerRecord<byte[], byte[]>, AcknowledgeType> take(
            ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
        busySince = System.nanoTime();
        try {
            return intake.take(records);
        } finally {
            busySince = 0;
        }
    }

    /// @param asking whether the queue may answer at any moment: then somebody must be there for the answer, however
    ///     many slots are free
    private boolean isOpen(boolean asking, Duration patience) throws InterruptedException {
        int most = larger == null || asking ? Integer.MAX_VALUE : larger.leavesUpTo();
        return door.isOpenFor(priority, batch, most, patience);
    }

    /// With how many free slots the smaller one may go: too few for a batch, or any while this one has been busy with
    /// its records for so long that others must not wait for it.
    private int leavesUpTo() {
        long since = busySince;
        boolean heldUp = since != 0 && System.nanoTime() - since > LOOK_AGAIN.toNanos();
        return heldUp ? Integer.MAX_VALUE : batch - 1;
    }

    private void backOff() {
        try {
            TimeUnit.MILLISECONDS.sleep(backoffMillis);
            backoffMillis = Math.min(2 * backoffMillis, LONGEST_BACKOFF_MILLIS);
        } catch (InterruptedException stopped) {
            log.atDebug().addKeyValue("puller", name()).log("puller interrupted");
        }
    }

    private String name() {
        return "pull-" + priority.wireName() + "-" + batch;
    }
}
