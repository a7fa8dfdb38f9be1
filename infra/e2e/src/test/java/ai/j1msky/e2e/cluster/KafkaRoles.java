package ai.j1msky.e2e.cluster;

import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;

/// Which of the Kafka nodes does what.
final class KafkaRoles implements AutoCloseable {

    private static final Duration WHOLE_WITHIN = Duration.ofSeconds(60);

    private final Admin admin;

    KafkaRoles(String bootstrap) {
        this.admin = new LogClients(bootstrap, "cluster").admin();
    }

    /// The node that is the controller.
    String controller() {
        return name(got(admin.describeMetadataQuorum().quorumInfo()).leaderId());
    }

    /// The node that leads most partitions of the agents' events.
    String leader() {
        return leaderBut("");
    }

    /// The same without one.
    String leaderBut(String node) {
        Map<String, Long> led =
                partitions(Set.of(Topics.AGENT_EVENTS.name())).stream()
                        .collect(
                                Collectors.groupingBy(
                                        part -> name(part.leader().id()), Collectors.counting()));
        led.remove(node);
        return led.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    }

    /// Waits until every node has every record and leads its share of them, and fails when a topic would be content
    /// with fewer.
    void awaitWhole() {
        Set<String> all = got(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
        Awaitility.await("every replica to be in sync")
                .atMost(WHOLE_WITHIN)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(500))
                .ignoreException(IllegalStateException.class)
                .until(
                        () ->
                                partitions(all).stream()
                                        .allMatch(
                                                part ->
                                                        part.isr().size() == Machines.KAFKA.size()
                                                                && part.leader() != null));
        // Only says what went wrong with single ones: those that need no election are among them.
        Map<TopicPartition, Optional<Throwable>> _ =
                got(admin.electLeaders(ElectionType.PREFERRED, null).partitions());
        List<ConfigResource> topics =
                all.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList();
        for (Map.Entry<ConfigResource, Config> topic :
                got(admin.describeConfigs(topics).all()).entrySet()) {
            String inSync = topic.getValue().get("min.insync.replicas").value();
            if (!inSync.equals("2")) {
                throw new IllegalStateException(topic.getKey() + " needs " + inSync + " in sync");
            }
        }
    }

    private List<TopicPartitionInfo> partitions(Set<String> topics) {
        return got(admin.describeTopics(topics).allTopicNames()).values().stream()
                .map(TopicDescription::partitions)
                .flatMap(List::stream)
                .toList();
    }

    private static String name(int node) {
        return Machines.KAFKA.get(node - 1);
    }

    private static <T> T got(org.apache.kafka.common.KafkaFuture<T> asked) {
        Future<T> answer = asked;
        try {
            return answer.get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("Kafka did not say", failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
