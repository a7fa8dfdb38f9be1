package ai.j1msky.common.log;

import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits for Kafka at the start of a process, and sets up there what the process needs.
public final class LogStart {

    /// How long a service waits: processes are started together, and Kafka may take a while on a slow machine.
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Logger log = LoggerFactory.getLogger(LogStart.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private LogStart() {}

    /// What is set up; done again from its beginning until it succeeds.
    @FunctionalInterface
    public interface Setup {

        /// @throws IllegalStateException when Kafka did not do it
        void on(Admin admin) throws InterruptedException;
    }

    /// @throws IllegalStateException when Kafka did not do it within that time
    public static void await(LogClients clients, Duration patience, Setup setup)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean said = false;
        try (Admin admin = clients.admin()) {
            while (true) {
                try {
                    setup.on(admin);
                    return;
                } catch (IllegalStateException notYet) {
                    if (System.nanoTime() > deadline) {
                        throw new IllegalStateException(
                                "Kafka did not answer within " + patience.toSeconds() + " seconds.",
                                notYet);
                    }
                    if (!said) {
                        log.atInfo().log("waiting for kafka");
                        said = true;
                    }
                    Thread.sleep(PAUSE);
                }
            }
        }
    }
}
