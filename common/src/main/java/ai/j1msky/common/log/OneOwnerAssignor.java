package ai.j1msky.common.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;

/// Gives all partitions to the member that has run longest; the others wait to take over.
///
/// An agent's commands and events stand on partitions of different topics that do not match, so whoever folds them reads
/// all of them.
public final class OneOwnerAssignor implements ConsumerPartitionAssignor {

    private final long started = System.currentTimeMillis();

    @Override
    public String name() {
        return "one-owner";
    }

    @Override
    public ByteBuffer subscriptionUserData(Set<String> topics) {
        return ByteBuffer.allocate(Long.BYTES).putLong(started).flip();
    }

    @Override
    public GroupAssignment assign(Cluster cluster, GroupSubscription subscriptions) {
        Map<String, Subscription> members = subscriptions.groupSubscription();
        String owner =
                members.entrySet().stream()
                        .min(
                                Comparator.<Map.Entry<String, Subscription>>comparingLong(
                                                member -> startOf(member.getValue()))
                                        .thenComparing(Map.Entry::getKey))
                        .map(Map.Entry::getKey)
                        .orElseThrow();
        Map<String, Assignment> assignments = new HashMap<>();
        members.forEach(
                (id, member) ->
                        assignments.put(
                                id,
                                new Assignment(
                                        id.equals(owner)
                                                ? partitions(cluster, member)
                                                : List.of())));
        return new GroupAssignment(assignments);
    }

    private static long startOf(Subscription member) {
        ByteBuffer data = member.userData();
        return data == null || data.remaining() < Long.BYTES
                ? Long.MAX_VALUE
                : data.getLong(data.position());
    }

    private static List<TopicPartition> partitions(Cluster cluster, Subscription member) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : member.topics()) {
            Integer count = cluster.partitionCountForTopic(topic);
            for (int partition = 0; count != null && partition < count; partition++) {
                partitions.add(new TopicPartition(topic, partition));
            }
        }
        return partitions;
    }
}
