package ai.j1msky.worker;

import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits for Kafka and sets up what workers need there.
final class LogReadiness {

    private static final Logger log = LoggerFactory.getLogger(LogReadiness.class);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOCK = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private LogReadiness() {}

    /// @throws StartException when Kafka does not answer within three minutes
    static void await(LogClients clients) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean said = false;
        try (Admin admin = clients.admin()) {
            while (true) {
                try {
                    TopicSetup.ensure(admin, Topics.ALL);
                    TopicSetup.configureShareGroup(admin, Topics.WORKERS, LOCK);
                    return;
                } catch (IllegalStateException notYet) {
                    if (System.nanoTime() > deadline) {
                        throw new StartException(
                                "Kafka did not answer within "
                                        + PATIENCE.toSeconds()
                                        + " seconds.");
                    }
                    if (!said) {
                        log.atInfo().log("waiting for kafka");
                        said = true;
                    }
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                }
            }
        }
    }
}
