package ai.j1msky.infra.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogStart;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.infra.testkit.Infrastructure;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LogStartTest {

    private static final String NOBODY = "127.0.0.1:9";

    @Test
    void whatKafkaDidNotDoIsDoneAgain() throws Exception {
        // Given
        LogClients clients = new LogClients(Infrastructure.get().kafkaBootstrap(), "log-start");
        AtomicInteger tries = new AtomicInteger();

        // When
        LogStart.await(
                clients,
                Duration.ofMinutes(1),
                admin -> {
                    TopicSetup.ensure(admin, Topics.ALL);
                    if (tries.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                });

        // Then
        assertThat(tries).hasValue(3);
    }

    @Test
    void aKafkaThatDoesNotAnswerIsGivenUpWithASentence() {
        assertThatThrownBy(
                        () ->
                                LogStart.await(
                                        new LogClients(NOBODY, "log-start"),
                                        Duration.ofSeconds(1),
                                        admin -> TopicSetup.ensure(admin, Topics.ALL)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Kafka did not answer within 1 seconds.");
    }
}
