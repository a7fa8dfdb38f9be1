package ai.j1msky.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.e2e.LogAccess.Letter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What nobody can read blocks nobody, and what is said twice counts once.
@Order(8)
@ExtendWith(RunningProduct.class)
class LogIntrusionIT {

    private static final int LARGE = 900 * 1024;

    private final Product product;
    private final Client client;

    LogIntrusionIT(Product product) {
        this.product = product;
        this.client = product.live();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spawn.normal", "agent.events"})
    void poisonIsFoundInTheDeadLettersWithItsReasonAndAgentsGoOn(String name) throws Exception {
        // Given
        Topic<?> topic = topic(name);
        List<ProducerRecord<byte[], byte[]>> poison =
                List.of(
                        record(topic, "random", noise(1024)),
                        record(topic, "empty", null),
                        ofType(record(topic, "future", "{}".getBytes(UTF_8)), "ai.j1msky.x.v99"),
                        record(topic, "large", noise(LARGE)));

        // When
        List<String> origins =
                product.log().produce(topic, poison).stream().map(LogIntrusionIT::origin).toList();
        Scripted task = Scripted.of("tokens=5");
        Answer ended = client.end(client.spawn("k2p5", task.task()));

        // Then
        assertThat(ended.agentStatus()).isEqualTo("completed");
        Awaitility.await("four dead letters")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(
                        () ->
                                assertThat(product.log().deadLetters(topic))
                                        .extracting(Letter::origin)
                                        .containsAll(origins));
        assertThat(product.log().deadLetters(topic))
                .allSatisfy(letter -> assertThat(letter.reason()).isNotBlank());
    }

    @Test
    void everyRecordSaidOnceMoreChangesNoAgentAndCallsNoModel() throws Exception {
        // Given
        client.promised().forEach(client::end);
        Map<String, JsonNode> before = client.dump();
        long charged = client.chargedToday();
        int calls = product.modelCalls();

        // When
        int repeated =
                product.log().repeat(Topics.AGENT_EVENTS)
                        + product.log().repeat(Topics.SPAWN_NORMAL);
        Answer next = client.end(client.spawn("k2p5", Scripted.of("tokens=5").task()));

        // Then
        assertThat(repeated).isGreaterThan(before.size());
        Awaitility.await("nothing to change")
                .during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(client.dump()).containsAllEntriesOf(before));
        assertThat(client.chargedToday()).isEqualTo(charged + next.cost());
        assertThat(product.modelCalls()).isEqualTo(calls + 1);
    }

    private static Topic<?> topic(String name) {
        return Topics.ALL.stream()
                .filter(topic -> topic.name().equals("j1msky." + name))
                .findFirst()
                .orElseThrow();
    }

    private static ProducerRecord<byte[], byte[]> record(Topic<?> topic, String key, byte[] value) {
        return new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), value);
    }

    private static ProducerRecord<byte[], byte[]> ofType(
            ProducerRecord<byte[], byte[]> record, String type) {
        Headers headers = record.headers();
        Map.of("ce_specversion", "1.0", "ce_id", "1", "ce_source", "/e2e", "ce_type", type)
                .forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
        return record;
    }

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static String origin(RecordMetadata place) {
        return new Position(place.topic(), place.partition(), place.offset()).toString();
    }
}
