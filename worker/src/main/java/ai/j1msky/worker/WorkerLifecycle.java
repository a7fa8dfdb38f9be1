package ai.j1msky.worker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/// Starts the worker last and drains it first, so that its health can be asked for until the end.
final class WorkerLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(WorkerLifecycle.class);

    private final Worker worker;
    private final ApplicationEventPublisher events;
    private volatile boolean running;

    WorkerLifecycle(Worker worker, ApplicationEventPublisher events) {
        this.worker = worker;
        this.events = events;
    }

    @Override
    public void start() {
        worker.start();
        running = true;
    }

    @Override
    public void stop() {
        AvailabilityChangeEvent.publish(events, this, ReadinessState.REFUSING_TRAFFIC);
        try {
            worker.drain();
        } catch (InterruptedException stopped) {
            log.atWarn().log("drain interrupted");
            Thread.currentThread().interrupt();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
