package ai.j1msky.gateway;

import static org.awaitility.Awaitility.await;

import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.view.RedisKeys;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// How far the views are behind the log.
public final class ViewLag {

    private static final List<Topic<?>> PROJECTED =
            List.of(
                    Topics.SPAWN_HIGH,
                    Topics.SPAWN_NORMAL,
                    Topics.SPAWN_LOW,
                    Topics.SPAWN_WAITING,
                    Topics.AGENT_EVENTS,
                    Topics.DATA_KEYS,
                    Topics.USAGE,
                    Topics.BILLING_ALERTS);

    private ViewLag() {}

    /// Waits until everything that is on the log now is in the views.
    public static void awaitNone(LogClients clients, RedisCommands<String, String> redis) {
        try (Consumer<byte[], byte[]> reader = clients.reader("test-ends")) {
            List<TopicPartition> partitions =
                    PROJECTED.stream()
                            .flatMap(topic -> reader.partitionsFor(topic.name()).stream())
                            .map(at -> new TopicPartition(at.topic(), at.partition()))
                            .toList();
            reader.assign(partitions); // the client warns of ends that it was not assigned
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            await().atMost(TestAgency.SOON).until(() -> isIn(redis.hgetall(RedisKeys.META), ends));
        }
    }

    private static boolean isIn(Map<String, String> meta, Map<TopicPartition, Long> ends) {
        return meta.containsKey("total")
                && ends.entrySet().stream()
                        .allMatch(end -> folded(meta, end.getKey()) >= end.getValue());
    }

    private static long folded(Map<String, String> meta, TopicPartition partition) {
        return Long.parseLong(meta.getOrDefault("w:" + partition, "-1"));
    }
}
