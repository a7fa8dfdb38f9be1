package ai.j1msky.worker;

import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogStart;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;

/// Waits for Kafka and sets up what workers need there.
final class LogReadiness {

    /// Longer than a worker takes to start what it has got, and short enough that what a worker got whose machine was
    /// cut off soon goes to another.
    private static final Duration LOCK = Duration.ofSeconds(20);

    private LogReadiness() {}

    /// @throws StartException when Kafka does not answer within three minutes
    static void await(LogClients clients) throws InterruptedException {
        try {
            LogStart.await(clients, LogStart.PATIENCE, LogReadiness::setUp);
        } catch (IllegalStateException away) {
            throw new StartException(String.valueOf(away.getMessage()));
        }
    }

    private static void setUp(Admin admin) throws InterruptedException {
        TopicSetup.ensure(admin, Topics.ALL);
        TopicSetup.configureShareGroup(admin, Topics.WORKERS, LOCK);
    }
}
