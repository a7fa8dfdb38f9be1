package ai.j1msky.gateway.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.gateway.fixture.GatewayFixture;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/// What the gateway takes for faults of its own from now on: what it logs as errors, what it counts as 500.
final class Faults implements AutoCloseable {

    private static final Logger ROOT =
            (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    /// The broker in this JVM has errors of its own.
    private static final Pattern OURS =
            Pattern.compile("(ai\\.j1msky|reactor|io\\.netty|org\\.springframework)\\.");

    private final MeterRegistry meters;
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final long before;

    Faults(GatewayFixture gateway) {
        this.meters = gateway.part(MeterRegistry.class);
        this.before = answers(500);
        logged.start();
        ROOT.addAppender(logged);
    }

    /// How many requests were counted with that status, ever.
    long answers(int status) {
        return meters
                .find("http.server.requests")
                .tag("status", Integer.toString(status))
                .timers()
                .stream()
                .mapToLong(Timer::count)
                .sum();
    }

    void requireNone() {
        List<ILoggingEvent> errors =
                List.copyOf(logged.list).stream()
                        .filter(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
                        .filter(event -> OURS.matcher(event.getLoggerName()).lookingAt())
                        .toList();
        assertThat(errors).isEmpty();
        assertThat(answers(500)).isEqualTo(before);
    }

    @Override
    public void close() {
        ROOT.detachAppender(logged);
    }
}
