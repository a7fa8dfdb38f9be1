package ai.j1msky.worker.pull;

import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// All pullers of a worker: for each priority one that takes single records while any slot is free, and one that takes
/// whole batches while many are. So scarce slots are taken one by one, and short tasks flow by the thousand.
public final class Pullers {

    private static final int BATCH = 16;

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
        Starter starter = parts.launch().starter(parts, door::isClosed);
        Redelivery redelivery = new Redelivery(parts.writer(), parts.queueTime(), parts.clock());
        for (Priority priority : Priority.values()) {
            Intake intake =
                    new Intake(priority, parts.slots(), starter, redelivery, parts.writer());
            pullers.add(new Puller(parts.clients(), priority, 1, door, intake));
            if (parts.slots().total() >= BATCH) {
                pullers.add(new Puller(parts.clients(), priority, BATCH, door, intake));
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
