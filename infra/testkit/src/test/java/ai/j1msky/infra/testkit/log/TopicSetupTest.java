package ai.j1msky.infra.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.log.Keep;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.infra.testkit.Infrastructure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TopicSetupTest {

    private static Admin admin;

    @BeforeAll
    static void connect() {
        admin = new LogClients(Infrastructure.get().kafkaBootstrap(), "topic-setup").admin();
    }

    @AfterAll
    static void disconnect() {
        admin.close();
    }

    private static String setting(ConfigResource.Type type, String of, String name)
            throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(type, of);
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        return config.get(name).value();
    }

    /// The controller answers before the broker has heard of the change.
    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(assertion);
    }

    @Test
    void everyTopicOfTheProductAndItsDeadLettersAreCreatedAsDeclared() throws Exception {
        // Given
        List<String> names =
                Topics.ALL.stream()
                        .flatMap(topic -> Stream.of(topic.name(), topic.deadLetters()))
                        .toList();

        // When
        TopicSetup.ensure(admin, Topics.ALL);
        TopicSetup.ensure(admin, Topics.ALL);

        // Then
        eventually(() -> admin.describeTopics(names).allTopicNames().get());
        Map<String, TopicDescription> found = admin.describeTopics(names).allTopicNames().get();
        for (Topic<?> topic : Topics.ALL) {
            assertThat(found.get(topic.name()).partitions()).hasSize(topic.partitions());
            assertThat(found.get(topic.deadLetters()).partitions()).hasSize(1);
            assertThat(setting(ConfigResource.Type.TOPIC, topic.name(), "cleanup.policy"))
                    .isEqualTo(topic.isCompacted() ? "compact" : "delete");
            assertThat(setting(ConfigResource.Type.TOPIC, topic.name(), "message.timestamp.type"))
                    .isEqualTo(topic.stampedByBroker() ? "LogAppendTime" : "CreateTime");
        }
        assertThat(setting(ConfigResource.Type.TOPIC, Topics.LEDGER.name(), "retention.ms"))
                .isEqualTo("-1");
        assertThat(setting(ConfigResource.Type.TOPIC, Topics.AGENT_EVENTS.name(), "retention.ms"))
                .isEqualTo(Long.toString(Duration.ofDays(30).toMillis()));
    }

    @Test
    void manyServicesMayStartAtOnce() throws Exception {
        // Given
        Topic<?> topic = Notes.codec("setup.race", 3, new Keep.Newest()).topic();
        Callable<Void> setup =
                () -> {
                    TopicSetup.ensure(admin, List.of(topic));
                    return null;
                };

        // When
        try (ExecutorService services = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> done : services.invokeAll(List.of(setup, setup, setup, setup))) {
                done.get();
            }
        }

        // Then
        eventually(
                () ->
                        assertThat(
                                        admin.describeTopics(List.of(topic.name()))
                                                .allTopicNames()
                                                .get())
                                .containsKey(topic.name()));
    }

    @Test
    void aShareGroupStartsAtTheOldestRecord() throws Exception {
        // When
        TopicSetup.configureShareGroup(admin, "setup.group", Duration.ofSeconds(30));
        TopicSetup.configureShareGroup(admin, "setup.group", Duration.ofSeconds(30));

        // Then
        ConfigResource.Type group = ConfigResource.Type.GROUP;
        eventually(
                () ->
                        assertThat(setting(group, "setup.group", "share.auto.offset.reset"))
                                .isEqualTo("earliest"));
        assertThat(setting(group, "setup.group", "share.isolation.level"))
                .isEqualTo("read_committed");
        assertThat(setting(group, "setup.group", "share.record.lock.duration.ms"))
                .isEqualTo("30000");
    }
}
