package ai.j1msky.common.topic;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.log.WireJson;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class GoldenSampleTest {

    static Stream<Contract<?>> contracts() {
        return Contract.all();
    }

    @Test
    void everyTypeHasOneSchemaAndOneSampleAndNothingElseIsThere() throws Exception {
        // Given
        Path directory = Path.of(GoldenSampleTest.class.getResource(Contract.DIRECTORY).toURI());

        // When
        List<String> present;
        try (Stream<Path> files = Files.list(directory)) {
            present = files.map(file -> file.getFileName().toString()).toList();
        }

        // Then
        assertThat(present)
                .containsExactlyInAnyOrderElementsOf(
                        contracts()
                                .map(Contract::shortName)
                                .distinct()
                                .flatMap(n -> Stream.of(n + ".schema.json", n + ".sample.json"))
                                .toList());
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void theSampleValidatesAgainstItsSchema(Contract<?> contract) {
        // Given
        Schema schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(contract.schema());

        // When
        List<Error> errors =
                schema.validate(
                        contract.sample(),
                        execution ->
                                execution.executionConfig(c -> c.formatAssertionsEnabled(true)));

        // Then
        assertThat(errors).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T extends LogEntry> void theSampleIsReadAndWrittenBackEqual(Contract<T> contract) {
        // Given
        JsonNode golden = contract.sample();

        // When
        byte[] rewritten = WireJson.MAPPER.writeValueAsBytes(contract.read(golden));

        // Then
        assertThat(WireJson.MAPPER.readTree(rewritten)).isEqualTo(golden);
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T extends LogEntry> void theSampleSurvivesATripOverTheLog(Contract<T> contract) {
        // Given
        T entry = contract.read(contract.sample());

        // When
        ConsumerRecord<byte[], byte[]> record = contract.sent(entry);

        // Then
        assertThat(contract.receive(record)).isEqualTo(new ReadResult.Entry<>(entry));
        assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
        assertThat(header(record, "ce_id")).isEqualTo(entry.logId());
        assertThat(header(record, "ce_source")).isEqualTo("/j1msky/test");
        assertThat(header(record, "ce_type")).isEqualTo(contract.type().name());
        assertThat(header(record, "ce_time")).isEqualTo(entry.at().toString());
        assertThat(header(record, "content-type")).isEqualTo("application/json");
        assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo(entry.logKey());
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T extends LogEntry> void aFieldThatNobodyKnowsIsIgnored(Contract<T> contract) {
        // Given
        T entry = contract.read(contract.sample());
        ObjectNode extended = (ObjectNode) contract.sample();
        extended.putObject("added_later").put("deep", 1);
        byte[] payload = WireJson.MAPPER.writeValueAsBytes(extended);

        // When
        ReadResult<T> read =
                contract.receive(
                        contract.sentSampleWith(
                                entry.logKey().getBytes(StandardCharsets.UTF_8), payload));

        // Then
        assertThat(read).isEqualTo(new ReadResult.Entry<>(entry));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        assertThat(header).as(name).isNotNull();
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
