package ai.j1msky.gateway.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.ViewLag;
import ai.j1msky.gateway.fixture.GatewayFixture;
import ai.j1msky.gateway.redis.LoopConnections;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/// What an account has left in the system: its Redis keys, its agents, and the ends of all queues.
///
/// Queues are shared, so compare only while nobody else spawns.
final class Traces implements AutoCloseable {

    private final GatewayFixture gateway;
    private final String account;
    private final String reader;
    private final Admin admin;

    /// @param reader a key of that account that may list its agents
    Traces(GatewayFixture gateway, String account, String reader) {
        this.gateway = gateway;
        this.account = account;
        this.reader = reader;
        this.admin = gateway.part(LogClients.class).admin();
    }

    /// @param queueEnds the end offset of each queue
    /// @param stored names of the account's Redis keys
    /// @param agents the account's unfinished agents, as `GET /api/agents` tells them
    record Left(Map<TopicPartition, Long> queueEnds, List<String> stored, String agents) {}

    /// What is left once everything that is on the log now is in the views.
    Left now() {
        StatefulRedisConnection<String, String> redis = gateway.part(LoopConnections.class).get();
        ViewLag.awaitNone(gateway.part(LogClients.class), redis.sync());
        return new Left(queueEnds(), stored(redis), agents());
    }

    /// Requires that nothing has changed, and that a good request is still answered.
    void requireUnchangedSince(Left before) {
        Left after = now();
        assertThat(after).isEqualTo(before);
    }

    private Map<TopicPartition, Long> queueEnds() {
        Map<TopicPartition, OffsetSpec> queues =
                Topics.SPAWNS.stream()
                        .map(topic -> new TopicPartition(topic.name(), 0))
                        .collect(Collectors.toMap(Function.identity(), q -> OffsetSpec.latest()));
        try {
            return admin.listOffsets(queues).all().get(10, TimeUnit.SECONDS).entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
        } catch (Exception failed) {
            throw new IllegalStateException("the queues cannot be looked at", failed);
        }
    }

    private List<String> stored(StatefulRedisConnection<String, String> redis) {
        List<String> keys = new ArrayList<>(redis.sync().keys("j1:{" + account + "}:*"));
        // Calls of other endpoints than spawn count, whether or not they are refused; so do those
        // of looking on, and all that a key does is watched.
        keys.removeIf(key -> key.contains("}:l:") && !key.contains(":POST /spawn:"));
        keys.removeIf(key -> key.contains("}:u:") || key.contains("}:ua:"));
        keys.sort(String::compareTo);
        return keys;
    }

    private String agents() {
        Answer answer =
                RawConnection.exchange(gateway.port(), Request.get("/api/agents").bearer(reader));
        assertThat(answer.status()).isEqualTo(200);
        return answer.json().toString();
    }

    @Override
    public void close() {
        admin.close();
    }
}
