package ai.j1msky.gateway.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.j1msky.gateway.problem.ProblemException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictJsonTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"a\":2}|'a' is given more than once",
                "{\"a\":{\"b\":1,\"b\":2}}|'b' is given more than once",
                "{\"a\":1,\"a\":{\"b\":1}}|'a' is given more than once",
                "{\"a\":[],\"a\":[1]}|'a' is given more than once",
                "{\"a\":99999999999999999999999999999999999999999}|'a' holds a number",
                "{\"a\":[0.99999999999999999999999999999999999999999999999999]}|'a' holds a number",
                "{\"é\\r\\n\":1,\"é\\r\\n\":2}|'???' is given more than once",
                "{\"a\":1} {}|JSON",
                "{\"a\":1}x|JSON",
            })
    void aRefusalNamesItsField(String json, String sentence) {
        // When
        ProblemException refused =
                assertThrows(
                        ProblemException.class, () -> StrictJson.parse(json.getBytes(UTF_8)));

        // Then
        assertThat(refused.problem().status()).isEqualTo(400);
        assertThat(refused.sentence()).contains(sentence);
    }
}
