package ai.j1msky.common.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.ReadResult;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/// Records that nobody can read: they end as poison with a reason, and the reason never quotes them.
class PoisonTest {

    private static final String SECRET = "hunter2";

    static Stream<Contract<?>> contracts() {
        return Contract.all();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T extends LogEntry> void randomBytesArePoison(Contract<T> contract) {
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            byte[] noise = new byte[random.nextInt(1024)];
            random.nextBytes(noise);
            assertPoison(contract, contract.sentSampleWith(keyOf(contract), noise));
        }
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T extends LogEntry> void mutilatedRecordsNeverThrow(Contract<T> contract) {
        Random random = new Random(2);
        for (int i = 0; i < 300; i++) {
            ConsumerRecord<byte[], byte[]> record = contract.sentSample();
            mutilate(record, random);
            assertThat(contract.receive(record)).isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T extends LogEntry> void aWrongKeyIsPoison(Contract<T> contract) {
        assertPoison(
                contract, contract.sentSampleWith(utf8(SECRET), contract.sentSample().value()));
        assertPoison(contract, contract.sentSampleWith(null, contract.sentSample().value()));
    }

    @Test
    void aHoldThatNoAgentCanHaveIsPoison() {
        Contract<?> spawn =
                contracts()
                        .filter(c -> c.shortName().equals("agent-spawn"))
                        .findFirst()
                        .orElseThrow();
        assertPoisonWithHold(spawn, AgentOrder.LARGEST_HOLD.micros() + 1);
        assertPoisonWithHold(spawn, Long.MAX_VALUE);
    }

    private static <T extends LogEntry> void assertPoisonWithHold(Contract<T> spawn, long hold) {
        ObjectNode json = (ObjectNode) spawn.sample().deepCopy();
        ((ObjectNode) json.get("order")).put("hold", hold);
        assertPoison(spawn, spawn.sentSampleWith(keyOf(spawn), utf8(json.toString())));
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T extends LogEntry> void payloadsOfTheWrongShapeArePoison(Contract<T> contract) {
        for (String payload :
                List.of(
                        "null",
                        "{}",
                        "[]",
                        "",
                        " ",
                        "7",
                        "\"" + SECRET + "\"",
                        "{\"" + SECRET + "\":",
                        "[".repeat(100_000),
                        "{\"at\":".repeat(20_000))) {
            assertPoison(contract, contract.sentSampleWith(keyOf(contract), utf8(payload)));
        }
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T extends LogEntry> void fieldsOfTheWrongTypeArePoison(Contract<T> contract) {
        String sample = new String(contract.sentSample().value(), StandardCharsets.UTF_8);
        String broken = sample.replaceAll("\"20[0-9-]+T[0-9:.]+Z\"", "\"" + SECRET + "\"");
        assertPoison(contract, contract.sentSampleWith(keyOf(contract), utf8(broken)));
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T extends LogEntry> void aMissingHeaderIsPoison(Contract<T> contract) {
        for (String header : List.of("ce_specversion", "ce_id", "ce_source", "ce_type")) {
            ConsumerRecord<byte[], byte[]> record = contract.sentSample();
            record.headers().remove(header);
            assertPoison(contract, record);
        }
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T extends LogEntry> void aHeaderWithoutAValueIsPoison(Contract<T> contract) {
        for (String header : List.of("ce_specversion", "ce_id", "ce_source", "ce_type")) {
            ConsumerRecord<byte[], byte[]> record = contract.sentSample();
            record.headers().remove(header);
            record.headers().add(header, null);
            assertPoison(contract, record);
        }
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T extends LogEntry> void anUnknownTypeIsPoison(Contract<T> contract) {
        ConsumerRecord<byte[], byte[]> record = contract.sentSample();
        record.headers().remove("ce_type");
        record.headers().add("ce_type", utf8("ai.j1msky." + SECRET + ".v99"));
        assertPoison(contract, record);
    }

    @Test
    void anEmptyRecordDeletesItsKeyOnACompactedTopic() {
        // Given
        Contract<?> contract = Contract.of(Topics.API_KEYS).getFirst();

        // When
        ReadResult<?> read = contract.receive(contract.sentSampleWith(utf8("key_a"), null));

        // Then
        assertThat(read).isEqualTo(new ReadResult.Tombstone<>("key_a"));
    }

    @Test
    void anEmptyRecordIsPoisonOnATopicThatKeepsAll() {
        Contract<?> contract = Contract.of(Topics.AGENT_EVENTS).getFirst();

        assertPoison(contract, contract.sentSampleWith(utf8(SECRET), null));
    }

    @Test
    void aRecordWithNeitherKeyNorValueIsPoisonEverywhere() {
        contracts()
                .forEach(contract -> assertPoison(contract, contract.sentSampleWith(null, null)));
    }

    @Test
    void anEntryMayNotTravelOnAnothersTopic() {
        // Given
        @SuppressWarnings("unchecked")
        EntryCodec<LogEntry> keys =
                (EntryCodec<LogEntry>) (EntryCodec<?>) new EntryCodec<>(Topics.API_KEYS);
        LogEntry foreign =
                contracts()
                        .filter(c -> c.type().body() == AgentEvent.AgentFailed.class)
                        .map(c -> (LogEntry) c.read(c.sample()))
                        .findFirst()
                        .get();

        // When / Then
        assertThatThrownBy(() -> keys.write(foreign, URI.create("/test")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static <T extends LogEntry> void assertPoison(
            Contract<T> contract, ConsumerRecord<byte[], byte[]> record) {
        assertThat(contract.receive(record))
                .isInstanceOfSatisfying(
                        ReadResult.Poison.class,
                        poison ->
                                assertThat(poison.reason())
                                        .isNotBlank()
                                        .hasSizeLessThan(100)
                                        .matches("[A-Za-z: ]+")
                                        .doesNotContain(SECRET));
    }

    private static void mutilate(ConsumerRecord<byte[], byte[]> record, Random random) {
        List<Header> headers = new ArrayList<>(List.of(record.headers().toArray()));
        Header victim = headers.get(random.nextInt(headers.size()));
        record.headers().remove(victim.key());
        byte[] noise = new byte[random.nextInt(20)];
        random.nextBytes(noise);
        String name = random.nextBoolean() ? victim.key() : victim.key().toUpperCase(Locale.ROOT);
        record.headers().add(new RecordHeader(name, random.nextInt(4) == 0 ? null : noise));
        byte[] value = record.value();
        for (int flips = random.nextInt(3); flips > 0; flips--) {
            value[random.nextInt(value.length)] = (byte) random.nextInt(256);
        }
    }

    private static <T extends LogEntry> byte[] keyOf(Contract<T> contract) {
        return contract.sentSample().key();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
