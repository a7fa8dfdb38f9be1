package ai.j1msky.notifier;

import ai.j1msky.common.webhook.DeliveryAttempt;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// What the notifier tells Prometheus.
public final class NotifierMetrics {

    private final MeterRegistry meters;
    private final AtomicLong works = new AtomicLong();
    private final AtomicLong pending = new AtomicLong();
    private final AtomicLong lag = new AtomicLong();
    private final Counter made;
    private final Counter restarts;
    private final Counter unreadable;

    public NotifierMetrics(MeterRegistry meters) {
        this.meters = meters;
        meters.gauge("j1msky.notifier.owner", works);
        meters.gauge("j1msky.webhook.deliveries.pending", pending);
        meters.gauge("j1msky.notifier.lag", lag);
        this.made = meters.counter("j1msky.webhook.deliveries");
        this.restarts = meters.counter("j1msky.notifier.restarts");
        this.unreadable = meters.counter("j1msky.notifier.unreadable");
    }

    /// These are on the log.
    void wrote(int deliveries, List<DeliveryAttempt> attempts) {
        made.increment(deliveries);
        for (DeliveryAttempt attempt : attempts) {
            Timer.builder("j1msky.webhook.attempt")
                    .tag("outcome", attempt.outcome().wireName())
                    .register(meters)
                    .record(Duration.ofMillis(attempt.latencyMillis()));
        }
    }

    /// @param deliveries that have not ended
    /// @param records that are on the log and not read yet
    void stands(int deliveries, long records) {
        pending.set(deliveries);
        lag.set(records);
    }

    void works() {
        works.set(1);
    }

    void standby() {
        works.set(0);
    }

    void unreadable() {
        unreadable.increment();
    }

    void restarted() {
        restarts.increment();
    }
}
