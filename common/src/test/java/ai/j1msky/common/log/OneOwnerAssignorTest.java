package ai.j1msky.common.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OneOwnerAssignorTest {

    private static final Node NODE = new Node(1, "localhost", 9092);
    private static final Node[] NODES = {NODE};

    @Test
    void theOneThatHasRunLongestGetsAllAndTheOthersNothing() {
        // When
        Map<String, Assignment> assignments =
                assign(Map.of("a-young", since(30), "b-old", since(10), "c", since(20)));

        // Then
        assertThat(assignments.get("b-old").partitions())
                .containsExactlyInAnyOrder(
                        new TopicPartition("commands", 0),
                        new TopicPartition("events", 0),
                        new TopicPartition("events", 1),
                        new TopicPartition("events", 2));
        assertThat(assignments.get("a-young").partitions()).isEmpty();
        assertThat(assignments.get("c").partitions()).isEmpty();
    }

    @Test
    void oneMustBeTheOwnerWhenAllBeganAtTheSameTimeOrNobodySaysWhen() {
        assertThat(owners(Map.of("a", since(10), "b", since(10)))).containsExactly("a");
        assertThat(owners(Map.of("a", silent(), "b", silent()))).containsExactly("a");
        assertThat(owners(Map.of("a", silent(), "b", since(99)))).containsExactly("b");
    }

    private static List<String> owners(Map<String, Subscription> members) {
        return assign(members).entrySet().stream()
                .filter(member -> !member.getValue().partitions().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Map<String, Assignment> assign(Map<String, Subscription> members) {
        List<PartitionInfo> partitions =
                List.of(
                        part("commands", 0),
                        part("events", 0),
                        part("events", 1),
                        part("events", 2));
        Cluster cluster = new Cluster("id", List.of(NODE), partitions, Set.of(), Set.of());
        return new OneOwnerAssignor()
                .assign(cluster, new GroupSubscription(members))
                .groupAssignment();
    }

    private static PartitionInfo part(String topic, int number) {
        return new PartitionInfo(topic, number, NODE, NODES, NODES);
    }

    private static Subscription since(long millis) {
        ByteBuffer data = ByteBuffer.allocate(Long.BYTES).putLong(millis).flip();
        return new Subscription(List.of("commands", "events"), data);
    }

    private static Subscription silent() {
        return new Subscription(List.of("commands", "events"));
    }
}
