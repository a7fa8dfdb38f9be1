package ai.j1msky.infra.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.j1msky.infra.local.LocalKafkaSettings.Quorum;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BrokerPropertiesTest {

    private static final List<String> VOTERS = List.of("10.0.0.1:9", "10.0.0.2:9", "10.0.0.3:9");

    @Test
    void aNodeThatIsAloneReplicatesNothing() {
        // When
        Properties alone = properties("10.0.0.1", null);

        // Then
        assertThat(alone)
                .containsEntry("default.replication.factor", "1")
                .containsEntry("min.insync.replicas", "1")
                .containsEntry("controller.quorum.voters", "1@127.0.0.1:9");
    }

    @Test
    void ofThreeNodesTwoMustHaveARecordBeforeItCounts() {
        // When
        Properties second = properties("10.0.0.2", new Quorum(2, VOTERS));

        // Then
        assertThat(second)
                .containsEntry("node.id", "2")
                .containsEntry("controller.quorum.voters", "1@10.0.0.1:9,2@10.0.0.2:9,3@10.0.0.3:9")
                .containsEntry("listeners", "PLAINTEXT://10.0.0.2:8,CONTROLLER://10.0.0.2:9");
        for (String topics : List.of("default", "offsets.topic", "transaction.state.log")) {
            assertThat(second).containsEntry(topics + ".replication.factor", "3");
        }
        assertThat(second)
                .containsEntry("share.coordinator.state.topic.replication.factor", "3")
                .containsEntry("min.insync.replicas", "2")
                .containsEntry("transaction.state.log.min.isr", "2")
                .containsEntry("share.coordinator.state.topic.min.isr", "2");
    }

    @Test
    void nodesWithTheSameVotersAreOfOneCluster() {
        // When
        String first = new Quorum(1, VOTERS).clusterId();
        String third = new Quorum(3, VOTERS).clusterId();

        // Then
        assertThat(first)
                .isEqualTo(third)
                .isNotEqualTo(new Quorum(1, VOTERS.subList(0, 2)).clusterId());
    }

    @Test
    void aNodeMustBeOneOfTheVoters() {
        // When / Then
        assertThatThrownBy(() -> new Quorum(4, VOTERS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Properties properties(String address, @Nullable Quorum quorum) {
        return BrokerProperties.of(
                new LocalKafkaSettings(Path.of("data"), address, 8, 9, null, null, quorum));
    }
}
