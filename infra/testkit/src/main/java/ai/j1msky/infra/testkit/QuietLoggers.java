package ai.j1msky.infra.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import java.util.Map;
import org.slf4j.LoggerFactory;

/// Silences a broker in the same JVM and Testcontainers' search for a Docker that is not there.
///
/// Spring Boot resets logging whenever a context starts; the levels are set again after each reset.
final class QuietLoggers implements LoggerContextListener {

    private static final Map<String, Level> LEVELS =
            Map.of(
                    "kafka", Level.ERROR,
                    "org.apache.kafka", Level.ERROR,
                    "state.change.logger", Level.ERROR,
                    "com.github.dockerjava", Level.ERROR,
                    "org.testcontainers", Level.OFF,
                    "tc", Level.ERROR);

    private QuietLoggers() {}

    static void install() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            apply(context);
            context.addListener(new QuietLoggers());
        }
    }

    private static void apply(LoggerContext context) {
        LEVELS.forEach((name, level) -> context.getLogger(name).setLevel(level));
    }

    @Override
    public boolean isResetResistant() {
        return true;
    }

    @Override
    public void onReset(LoggerContext context) {
        apply(context);
    }

    @Override
    public void onStart(LoggerContext context) {}

    @Override
    public void onStop(LoggerContext context) {}

    @Override
    public void onLevelChange(Logger logger, Level level) {}
}
