package ai.j1msky.gateway;

import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits for Kafka at the start, and creates the topics that are missing.
final class LogStart {

    private static final Logger log = LoggerFactory.getLogger(LogStart.class);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private LogStart() {}

    static void awaitTopics(LogClients clients) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean said = false;
        try (Admin admin = clients.admin()) {
            while (true) {
                try {
                    TopicSetup.ensure(admin, Topics.ALL);
                    return;
                } catch (IllegalStateException notYet) {
                    if (System.nanoTime() > deadline) {
                        throw notYet;
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
