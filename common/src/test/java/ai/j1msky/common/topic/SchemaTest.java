package ai.j1msky.common.topic;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.log.WireJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class SchemaTest {

    static Stream<Contract<?>> contracts() {
        return Contract.all();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void theSchemaHasExactlyTheFieldsOfTheRecord(Contract<?> contract) {
        // Given
        List<String> components =
                Arrays.stream(contract.type().body().getRecordComponents())
                        .map(component -> snakeCase(component.getName()))
                        .toList();

        // When
        JsonNode properties = contract.schema().get("properties");

        // Then
        assertThat(properties.propertyNames()).containsExactlyInAnyOrderElementsOf(components);
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void theSampleShowsEveryField(Contract<?> contract) {
        assertThat(contract.sample().propertyNames())
                .containsExactlyElementsOf(contract.schema().get("properties").propertyNames());
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void everyFieldIsDescribed(Contract<?> contract) {
        // Given
        List<String> undescribed = new ArrayList<>();

        // When
        collectUndescribed(contract.shortName(), contract.schema(), undescribed);

        // Then
        assertThat(undescribed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T extends LogEntry> void aRecordWithoutARequiredFieldIsPoison(Contract<T> contract) {
        contract.schema()
                .get("required")
                .forEach(
                        field ->
                                assertThat(without(contract, field.stringValue()))
                                        .as("without %s", field)
                                        .isInstanceOf(ReadResult.Poison.class));
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T extends LogEntry> void aRecordWithoutAnOptionalFieldIsRead(Contract<T> contract) {
        List<String> required = new ArrayList<>();
        contract.schema().get("required").forEach(field -> required.add(field.stringValue()));
        contract.schema().get("properties").propertyNames().stream()
                .filter(field -> !required.contains(field))
                .forEach(
                        field ->
                                assertThat(without(contract, field))
                                        .as("without %s", field)
                                        .isInstanceOf(ReadResult.Entry.class));
    }

    private static <T extends LogEntry> ReadResult<T> without(Contract<T> contract, String field) {
        ObjectNode cut = (ObjectNode) contract.sample();
        cut.remove(field);
        byte[] key = contract.read(contract.sample()).logKey().getBytes(StandardCharsets.UTF_8);
        return contract.receive(
                contract.sentSampleWith(key, WireJson.MAPPER.writeValueAsBytes(cut)));
    }

    private static void collectUndescribed(String path, JsonNode schema, List<String> found) {
        if (schema.path("description").asString("").length() < 5) {
            found.add(path);
        }
        for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
            collectUndescribed(path + "." + field.getKey(), field.getValue(), found);
        }
        if (schema.has("items")) {
            collectUndescribed(path + "[]", schema.get("items"), found);
        }
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
