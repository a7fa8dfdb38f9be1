package ai.j1msky.gateway.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.log.WireJson;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class MaskedBodyTest {

    private static final List<String> NAMES =
            List.of(
                    "task",
                    "result",
                    "model",
                    "key",
                    "api_secret",
                    "agents",
                    "error",
                    "message",
                    "scopes",
                    "tsak",
                    "hunter2 is my password",
                    "timeout",
                    "privacy",
                    "status");
    private static final String SECRET = "hunter2 ";

    private static String masked(String json) {
        return MaskedBody.of(json.getBytes(UTF_8), json.length()).toString();
    }

    @Test
    void aSpawnShowsItsModelAndHowLongItsTaskIs() {
        assertThat(
                        masked(
                                "{\"model\":\"k2p5\",\"task\":\"Generate the report\",\"timeout\":60,\"priority\":\"high\"}"))
                .isEqualTo(
                        "{\"model\":\"k2p5\",\"task\":\"[masked, 19 characters]\",\"timeout\":60,\"priority\":\"high\"}");
    }

    @Test
    void aKeyIsNeverShownWhateverTheFieldIsCalled() {
        String key = "live_sk_0123456789ABCDEFGHIJKLMNOPQRSTUVabcdef";
        for (String name : List.of("key", "model", "status", "ip", key)) {
            assertThat(masked("{\"" + name + "\":\"" + key + "\"}"))
                    .doesNotContain("0123456789ABCDEF");
        }
    }

    @Test
    void whatIsNoJsonOrTooLargeIsNotShown() {
        assertThat(masked("hunter2")).isEqualTo("\"[not JSON, 7 bytes]\"");
        assertThat(masked("{\"task\":\"hunter2")).isEqualTo("\"[not JSON, 16 bytes]\"");
        assertThat(MaskedBody.of(new byte[0], 1_000_000).toString())
                .isEqualTo("\"[omitted, 1000000 bytes]\"");
        assertThat(masked("[".repeat(400) + "]".repeat(400))).hasSizeLessThan(2_100);
    }

    @Test
    void nothingOfARandomBodyIsShownButWhatTheApiItselfChoosesFrom() {
        Random random = new Random(11);
        for (int run = 0; run < 2_000; run++) {
            // Given
            String body = random(random, 0).toString();

            // When
            String masked = masked(body);

            // Then
            assertThat(masked).as(body).doesNotContain("hunter2", "4242").hasSizeLessThan(2_200);
        }
    }

    private static JsonNode random(Random random, int depth) {
        return switch (random.nextInt(depth > 4 ? 4 : 6)) {
            case 0 -> WireJson.MAPPER.getNodeFactory().stringNode(SECRET + random.nextInt());
            case 1 ->
                    WireJson.MAPPER
                            .getNodeFactory()
                            .stringNode("a".repeat(random.nextInt(100)) + "\u001b[31m hunter2");
            case 2 -> WireJson.MAPPER.getNodeFactory().booleanNode(random.nextBoolean());
            case 3 ->
                    WireJson.MAPPER
                            .getNodeFactory()
                            .stringNode("dev_sk_hunter2" + random.nextInt(1_000));
            case 4 -> {
                ArrayNode list = WireJson.MAPPER.createArrayNode();
                for (int n = random.nextInt(30); n > 0; n--) {
                    list.add(random(random, depth + 2));
                }
                yield list;
            }
            default -> {
                ObjectNode object = WireJson.MAPPER.createObjectNode();
                for (int n = random.nextInt(8); n > 0; n--) {
                    String name = NAMES.get(random.nextInt(NAMES.size()));
                    if (random.nextInt(4) == 0 && !name.equals("timeout")) {
                        object.put(name, 4242_4242L);
                    } else {
                        object.set(name, random(random, depth + 1));
                    }
                }
                yield object;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sdk\r\nSet-Cookie: a=b",
                "\u001b[31mred",
                "right\u202eleft",
                "a\u0000b",
                "line\u2028separator",
                "half \ud800 character",
                "emoji 😀 x"
            })
    void aLineStaysOneLineOfPlainCharacters(String text) {
        assertThat(MaskedText.line(text, 200)).matches("[\\x20-\\x7e]+");
    }

    @Test
    void aLineIsCutAndShowsNoKey() {
        assertThat(MaskedText.line("x".repeat(10_000), 200)).hasSize(200).endsWith("…");
        assertThat(MaskedText.line("curl Bearer abc live_sk_secret whsec_abc=", 200))
                .isEqualTo("curl [masked] [masked] [masked]");
    }
}
