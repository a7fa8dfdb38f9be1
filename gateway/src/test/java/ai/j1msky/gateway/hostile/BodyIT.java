package ai.j1msky.gateway.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.gateway.fixture.GatewayFixture;
import ai.j1msky.gateway.fixture.SharedGateway;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bodies that are no spawn request get 400 and what is wrong with them, 413 or 415, and spawn nothing.
@ExtendWith(SharedGateway.class)
class BodyIT {

    private static final String GOOD = Bodies.with("\"timeout\":300");
    private static Ground ground;

    @BeforeAll
    static void enter(GatewayFixture gateway) {
        ground = new Ground(gateway, "hostile-body");
    }

    @AfterAll
    static void leave() {
        ground.close();
    }

    @ParameterizedTest
    @MethodSource({"documents", "fields", "mediaTypes"})
    void aBodyThatIsNoSpawnRequestSpawnsNothing(Case row) {
        // Given
        Request request = row.request().apply(ground.key());

        // When
        Answer answer = ground.requireRefused(row.status(), request);

        // Then
        assertThat(answer.message()).contains(row.mention());
    }

    static Stream<Case> documents() {
        return Stream.of(
                Case.body("no bytes at all", "empty", ""),
                Case.body("white space only", "JSON", " \r\n\t "),
                Case.body("null", "object", "null"),
                Case.body("an array", "object", "[]"),
                Case.body("a string", "object", "\"x\""),
                Case.body("a number", "object", "5"),
                Case.body("half an object", "JSON", "{"),
                Case.body("cut in a string", "JSON", "{\"model\":\"k2"),
                Case.body("a trailing comma", "JSON", "{\"model\":\"k2p5\",\"task\":\"x\",}"),
                Case.body("single quotes", "JSON", "{'model':'k2p5','task':'x'}"),
                Case.body("names without quotes", "JSON", "{model:\"k2p5\",task:\"x\"}"),
                Case.body("a block comment", "JSON", "/* hi */" + GOOD),
                Case.body("a line comment", "JSON", GOOD + "// hi"),
                Case.body("a hash comment", "JSON", "# hi\n" + GOOD),
                Case.body("NaN", "JSON", Bodies.with("\"timeout\":NaN")),
                Case.body("infinity", "JSON", Bodies.with("\"timeout\":-Infinity")),
                Case.body("a leading zero", "JSON", Bodies.with("\"timeout\":0300")),
                Case.body("a leading plus", "JSON", Bodies.with("\"timeout\":+300")),
                Case.body("a hexadecimal number", "JSON", Bodies.with("\"timeout\":0x12")),
                Case.body("a bare line feed in a string", "JSON", Bodies.task("\"a\nb\"")),
                Case.body("a bare NUL in a string", "JSON", Bodies.task("\"a\0b\"")),
                Case.body("an escape that is none", "JSON", Bodies.task("\"\\x41\"")),
                Case.body("half a unicode escape", "JSON", Bodies.task("\"\\u00\"")),
                Case.body("two documents", "JSON", GOOD + GOOD),
                Case.body("two documents in lines", "JSON", GOOD + "\n" + GOOD),
                Case.body("garbage after the document", "JSON", GOOD + "x"),
                Case.body("a NUL after the document", "JSON", GOOD + "\0"),
                Case.body("a byte order mark", "JSON", "\ufeff" + GOOD),
                Case.body("a duplicate name", "'task'", Bodies.with("\"task\":\"y\"")),
                Case.body(
                        "a duplicate name in escapes",
                        "'task'",
                        Bodies.with("\"t\\u0061sk\":\"y\"")),
                Case.body(
                        "a duplicate name with line breaks",
                        "'a??b'",
                        Bodies.with("\"a\\r\\nb\":1,\"a\\r\\nb\":1")),
                Case.body("a duplicate object", "'a'", Bodies.with("\"a\":1,\"a\":{\"b\":1}")),
                Case.body("a duplicate deeper down", "'b'", Bodies.with("\"a\":{\"b\":1,\"b\":[]}")),
                Case.body(
                        "a number of 41 digits",
                        "'timeout'",
                        Bodies.with("\"timeout\":" + "9".repeat(41))),
                Case.body(
                        "a fraction of 41 digits",
                        "'timeout'",
                        Bodies.with("\"timeout\":[0." + "9".repeat(41) + "]")),
                Case.body("100,000 arrays deep", "JSON", Bodies.task("[".repeat(100_000))),
                Case.body("100,000 objects deep", "JSON", "{\"a\":".repeat(100_000)),
                Case.body(
                        "a number of 1 MB", "'a'", Bodies.with("\"a\":" + "9".repeat(1_000_000))),
                Case.body("a name of 1 MB", "JSON", "{\"" + "a".repeat(1_000_000) + "\":1}"),
                Case.body("80,000 fields", "too many", Bodies.manyFields(80_000)),
                Case.body(
                        "100,000 small objects",
                        "too many",
                        "{\"a\":[" + "{\"\":0},".repeat(100_000) + "0]}"),
                Case.body("UTF-16", "UTF-8", GOOD.getBytes(UTF_16)),
                Case.body("Latin-1", "UTF-8", Bodies.task("\"é\"").getBytes(ISO_8859_1)),
                Case.body("an overlong slash", "UTF-8", bytes(0xc0, 0xaf)),
                Case.body("a surrogate in UTF-8", "UTF-8", bytes(0xed, 0xa0, 0x80)),
                Case.body("half an emoji", "UTF-8", bytes(0xf0, 0x9f, 0x98)),
                Case.body("beyond U+10FFFF", "UTF-8", bytes(0xf4, 0x90, 0x80, 0x80)),
                Case.of(
                        "1 MiB and one byte",
                        413,
                        key -> Request.spawn(key, padded(1024 * 1024 + 1))),
                Case.body("1 MiB of white space and nothing", "JSON", " ".repeat(1024 * 1024)));
    }

    static Stream<Case> fields() {
        return Stream.of(
                Case.body("no task", "task", "{\"model\":\"k2p5\"}"),
                Case.body("no model", "model", "{\"task\":\"x\"}"),
                Case.body("a null task", "task", Bodies.task("null")),
                Case.body("an empty task", "task", Bodies.task("\"\"")),
                Case.body("a blank task", "task", Bodies.task("\" \\t\\n\\u2003\"")),
                Case.body("a number as task", "task", Bodies.task("5")),
                Case.body("true as task", "task", Bodies.task("true")),
                Case.body("an object as task", "task", Bodies.task("{\"a\":1}")),
                Case.body("a list as task", "task", Bodies.task("[\"x\"]")),
                Case.body(
                        "a task of 100,001 characters",
                        "task",
                        Bodies.task('"' + "x".repeat(100_001) + '"')),
                Case.body(
                        "a task of 100,001 emoji",
                        "task",
                        Bodies.task('"' + "😀".repeat(100_001) + '"')),
                Case.body("a lone high surrogate", "task", Bodies.task("\"a\\ud800b\"")),
                Case.body("a lone low surrogate", "task", Bodies.task("\"a\\udc00b\"")),
                Case.body("a swapped pair", "task", Bodies.task("\"\\ude00\\ud83d\"")),
                Case.body("an unknown model", "k2p5", Bodies.model("\"gpt\"")),
                Case.body("a model in capitals", "model", Bodies.model("\"K2P5\"")),
                Case.body("a model and a space", "model", Bodies.model("\"k2p5 \"")),
                Case.body("the documents' choice", "model", Bodies.model("\"k2p5|sonnet|opus\"")),
                Case.body("a model that climbs", "model", Bodies.model("\"../opus\"")),
                Case.body("a number as model", "model", Bodies.model("5")),
                Case.body("a list as model", "model", Bodies.model("[\"k2p5\"]")),
                Case.body("a null model", "model", Bodies.model("null")),
                Case.body("priority urgent", "priority", Bodies.with("\"priority\":\"urgent\"")),
                Case.body("priority HIGH", "priority", Bodies.with("\"priority\":\"HIGH\"")),
                Case.body("priority 1", "priority", Bodies.with("\"priority\":1")),
                Case.body("priority empty", "priority", Bodies.with("\"priority\":\"\"")),
                Case.body("timeout 0", "timeout", Bodies.with("\"timeout\":0")),
                Case.body("timeout -1", "timeout", Bodies.with("\"timeout\":-1")),
                Case.body("timeout -0", "timeout", Bodies.with("\"timeout\":-0")),
                Case.body("timeout 1.5", "timeout", Bodies.with("\"timeout\":1.5")),
                Case.body("timeout 300.0", "timeout", Bodies.with("\"timeout\":300.0")),
                Case.body("timeout as text", "timeout", Bodies.with("\"timeout\":\"300\"")),
                Case.body("timeout 3601", "timeout", Bodies.with("\"timeout\":3601")),
                Case.body("timeout 1e3", "timeout", Bodies.with("\"timeout\":1e3")),
                Case.body("timeout 2^31", "timeout", Bodies.with("\"timeout\":2147483648")),
                Case.body("timeout 2^32 + 300", "timeout", Bodies.with("\"timeout\":4294967596")),
                Case.body(
                        "timeout 2^64 + 300",
                        "timeout",
                        Bodies.with("\"timeout\":18446744073709551916")),
                Case.body(
                        "timeout beyond double", "timeout", Bodies.with("\"timeout\":1e999999999")),
                Case.body("timeout of nothing", "timeout", Bodies.with("\"timeout\":1e-999999999")),
                Case.body("timeout true", "timeout", Bodies.with("\"timeout\":true")),
                Case.body("timeout a list", "timeout", Bodies.with("\"timeout\":[300]")),
                Case.body("a field of ours: cost", "cost", Bodies.with("\"cost\":0")),
                Case.body("status", "status", Bodies.with("\"status\":\"completed\"")),
                Case.body("account_id", "account_id", Bodies.with("\"account_id\":\"other\"")),
                Case.body("agent_id", "agent_id", Bodies.with("\"agent_id\":\"subagent_1_1234\"")),
                Case.body("livemode", "livemode", Bodies.with("\"livemode\":true")),
                Case.body("hold", "hold", Bodies.with("\"hold\":-1")),
                Case.body("team beside model", "team", Bodies.with("\"team\":\"team_coding\"")),
                Case.body("__proto__", "__proto__", Bodies.with("\"__proto__\":{}")),
                Case.body("a type to make", "@class", Bodies.with("\"@class\":\"java.net.URL\"")),
                Case.body("an empty name", "Unknown", Bodies.with("\"\":1")),
                Case.body("an unknown null", "extra", Bodies.with("\"extra\":null")),
                Case.body("a name with line breaks", "'a??b'", Bodies.with("\"a\\r\\nb\":1")));
    }

    static Stream<Case> mediaTypes() {
        Stream<String> refused =
                Stream.of(
                        "Content-Type: text/plain",
                        "Content-Type: application/xml",
                        "Content-Type: application/x-www-form-urlencoded",
                        "Content-Type: multipart/form-data; boundary=x",
                        "Content-Type: application/json; charset=utf-16",
                        "Content-Type: application/json; charset=none-such",
                        "Content-Type: application/*",
                        "Content-Type: */*",
                        "Content-Type: json",
                        "Content-Type: application/",
                        "Content-Type:",
                        "Content-Type: application/json, text/plain",
                        "X-No-Content-Type: 1");
        Stream<Case> single =
                refused.map(header -> Case.of(header, 415, key -> spawnWith(key, List.of(header))));
        Stream<Case> several =
                Stream.of(
                        Case.of(
                                "two content types",
                                415,
                                key ->
                                        spawnWith(
                                                key,
                                                List.of(
                                                        "Content-Type: application/json",
                                                        "Content-Type: text/plain"))),
                        Case.of(
                                "a compressed body",
                                415,
                                key ->
                                        spawnWith(
                                                key,
                                                List.of(
                                                        "Content-Type: application/json",
                                                        "Content-Encoding: gzip"))),
                        Case.of(
                                "compressed chunks",
                                415,
                                key ->
                                        Request.post("/api/spawn")
                                                .bearer(key)
                                                .with("Content-Type: application/json")
                                                .with("Transfer-Encoding: gzip, chunked")
                                                .withRaw("2\r\n{}\r\n0\r\n\r\n")));
        return Stream.concat(single, several);
    }

    private static Request spawnWith(String key, List<String> headers) {
        Request request = Request.post("/api/spawn").bearer(key);
        for (String header : headers) {
            request = request.with(header);
        }
        return request.withBody(GOOD.getBytes(UTF_8));
    }

    private static byte[] padded(int size) {
        byte[] good = GOOD.getBytes(UTF_8);
        byte[] padded = " ".repeat(size).getBytes(UTF_8);
        System.arraycopy(good, 0, padded, 0, good.length);
        return padded;
    }

    /// A spawn request whose task holds those bytes.
    private static byte[] bytes(int... inTask) {
        StringBuilder task = new StringBuilder();
        for (int value : inTask) {
            task.append((char) value);
        }
        return Bodies.task('"' + task.toString() + '"').getBytes(ISO_8859_1);
    }
}
