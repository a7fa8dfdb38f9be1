package ai.j1msky.gateway.node;

import ai.j1msky.common.host.Host;
import ai.j1msky.common.host.HostReading;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The machine that this gateway runs on, looked at every few seconds by a thread of its own: no request waits for it.
public final class OwnHost implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OwnHost.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Host host = new Host(null);
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("own-host").daemon().factory());
    private volatile HostReading latest = host.read();

    public void start() {
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(
                        this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    HostReading latest() {
        return latest;
    }

    private void look() {
        try {
            latest = host.read();
        } catch (RuntimeException unreadable) {
            log.atWarn().addKeyValue("cause", unreadable.toString()).log("host not read");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
