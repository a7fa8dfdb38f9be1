package ai.j1msky.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Whatever bytes a body has, they are read exactly when they are what [PlainBody] takes, and as the same values.
/// Every other body is refused with one of a few sentences, none of which has room for a value of the body.
///
/// The fields are the four of a spawn request, and one of every other kind.
class StrictBodyFuzzTest {

    private static final int LONGEST = 64 * 1024;
    private static final String NAME = "'[!-~]{0,40}…?'";
    private static final String SENTENCE =
            String.join(
                    "|",
                    "The request body is empty; send a JSON object\\.",
                    "The request body is not UTF-8\\.",
                    "The request body is not one JSON document but more\\.",
                    "The request body must be a JSON object\\.",
                    "The request body is not valid JSON( \\(line \\d+, column \\d+\\))?\\.",
                    "The request body is JSON with too many values, too deep or with too long names\\.",
                    NAME + " is given more than once\\.",
                    NAME + " holds a number of more than 40 digits\\.",
                    "Unknown field " + NAME + "; known fields are [a-z, ]+\\.",
                    "(task|model) is missing(; it is one of k2p5, opus)?\\.",
                    "(model|priority|scopes) must be (one|a list) of [a-z0-9:, ]+\\.",
                    "scopes names (admin|agents:read) twice\\.",
                    "(task|reason) must be a string\\.",
                    "task must not be blank\\.",
                    "(task|reason) holds half a character \\(a lone surrogate\\)\\.",
                    "(task|reason) must have \\d+ to \\d+ characters\\.",
                    "timeout must be a whole number from 1 to 3600\\.",
                    "enforce must be true or false\\.",
                    "ips must be a list of at most 2 strings\\.",
                    "ips\\[[01]\\] must be a string\\.");
    private static final JsonMapper WRITER = new JsonMapper();

    @FuzzTest
    void aBodyIsReadAsItSays(byte[] bytes) {
        if (bytes.length > LONGEST) {
            return;
        }
        PlainBody plain = PlainBody.read(bytes);
        try {
            PlainBody read = read(bytes);
            assertThat(read).isEqualTo(plain);
            byte[] again = WRITER.writeValueAsBytes(read);
            assertThat(read(again)).isEqualTo(read);
        } catch (ProblemException refused) {
            assertThat(refused.problem()).isEqualTo(Problem.BODY_INVALID);
            assertThat(refused.problem().status()).isEqualTo(400);
            assertThat(refused.sentence()).matches(SENTENCE);
            assertThat(plain).as("refused").isNull();
        }
    }

    private static PlainBody read(byte[] bytes) {
        Fields fields = StrictBody.fields(bytes);
        PlainBody read =
                new PlainBody(
                        fields.oneOf("model", List.of("k2p5", "opus")),
                        fields.text("task", 1, PlainBody.LONGEST_TASK),
                        fields.oneOf("priority", List.of("low", "high"), "low"),
                        fields.whole("timeout", 1, 3_600, 300),
                        fields.optionalText("reason", 0, 5).orElse(null),
                        fields.flag("enforce", true),
                        fields.has("scopes")
                                ? fields.someOf("scopes", List.of("admin", "agents:read"))
                                : null,
                        fields.has("ips") ? fields.texts("ips", 2) : null);
        fields.nothingElse();
        return read;
    }
}
