package ai.j1msky.worker.pull;

import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// All pullers of a worker: for each priority one that takes whole batches while many slots are free, one that takes a few
/// records while some are, and one that takes single ones while few are. So scarce slots are taken one by one, and short
/// tasks flow by the thousand.
public final class Pullers {

    /// The most records a poll takes; more only makes each wait for the others.
    private static final int LARGEST_BATCH = 64;

    private final Door door;
    private final List<Puller> pullers = new ArrayList<>();

    /// What the pullers need of the rest of the worker.
    ///
    /// @param ready whether new work may be taken now
    /// @param queueTime how long an agent may wait in its queue
    public record Parts(
            LogClients clients,
            LogWriter writer,
            Slots slots,
            Launch launch,
            BooleanSupplier ready,
            Duration queueTime,
            Clock clock) {}

    public Pullers(Parts parts) {
        this.door = new Door(parts.slots(), parts.ready());
        int total = parts.slots().total();
        // Half of the slots, so that one batch is taken while another runs; an eighth; one: 16, 4
        // and 1
        // of the usual 32.
        List<Integer> batches =
                Stream.of(Math.min(total / 2, LARGEST_BATCH), total / 8, 1)
                        .filter(batch -> batch > 0)
                        .distinct()
                        .toList();
        Redelivery redelivery = new Redelivery(parts.writer(), parts.queueTime(), parts.clock());
        Starter starter = parts.launch().starter(parts, redelivery, door::isClosed);
        for (Priority priority : Priority.values()) {
            Intake intake =
                    new Intake(priority, parts.slots(), starter, redelivery, parts.writer());
            Puller larger = null;
            for (int batch : batches) {
                larger = new Puller(parts.clients(), priority, batch, door, intake, larger);
                pullers.add(larger);
            }
        }
    }

    public void start() {
        pullers.forEach(Puller::start);
    }

    /// Takes nothing any more; what is held and has not started goes back to the queue.
    public void stop(Duration patience) throws InterruptedException {
        door.close();
        long deadline = System.nanoTime() + patience.toNanos();
        for (Puller puller : pullers) {
            long left = Math.max(1_000_000, deadline - System.nanoTime());
            puller.join(Duration.ofNanos(left));
        }
    }
}
