package ai.j1msky.common.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdentifierTest {

    private static final String LONG = "a".repeat(200);

    record Kind(String name, Function<String, Object> parse) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final Kind ACCOUNT = new Kind("account", AccountId::new);
    private static final Kind AGENT = new Kind("agent", AgentId::new);
    private static final Kind KEY = new Kind("key", KeyId::new);
    private static final Kind NODE = new Kind("node", NodeId::new);
    private static final Kind REQUEST = new Kind("request", RequestId::new);
    private static final Kind WORKER = new Kind("worker", WorkerId::new);

    static Stream<Arguments> valid() {
        return Stream.of(
                Arguments.of(ACCOUNT, "main"),
                Arguments.of(ACCOUNT, "a_b-9"),
                Arguments.of(AGENT, "subagent_1234567890_482915730164"),
                Arguments.of(AGENT, "subagent_1_0000"),
                Arguments.of(KEY, "key_9h2k4m6p8r0t2v4x"),
                Arguments.of(NODE, "pi-kitchen.lan"),
                Arguments.of(NODE, "P"),
                Arguments.of(REQUEST, "req_a.b-c_d"),
                Arguments.of(WORKER, "worker-1~k3f09a2b"));
    }

    static Stream<Arguments> invalid() {
        Stream<Arguments> own =
                Stream.of(
                        Arguments.of(ACCOUNT, "Main"),
                        Arguments.of(ACCOUNT, "a".repeat(65)),
                        Arguments.of(AGENT, "subagent_1234567890_"),
                        Arguments.of(AGENT, "subagent_x_482915730164"),
                        Arguments.of(AGENT, "subagent_1_123"),
                        Arguments.of(AGENT, "SUBAGENT_1234567890_482915730164"),
                        Arguments.of(AGENT, "subagent_１２３４_482915730164"),
                        Arguments.of(KEY, "key_"),
                        Arguments.of(KEY, "key_ABC"),
                        Arguments.of(KEY, "req_abc"),
                        Arguments.of(NODE, "-a"),
                        Arguments.of(NODE, "a".repeat(64)),
                        Arguments.of(REQUEST, "key_abc"),
                        Arguments.of(WORKER, "worker-1"),
                        Arguments.of(WORKER, "~k3f09a2b"),
                        Arguments.of(WORKER, "worker-1~"),
                        Arguments.of(WORKER, "a~b~c"));
        Stream<Arguments> hostile =
                Stream.of(ACCOUNT, AGENT, KEY, NODE, REQUEST, WORKER)
                        .flatMap(
                                kind ->
                                        Stream.of(
                                                        "",
                                                        " ",
                                                        LONG,
                                                        "../../etc/passwd",
                                                        "a:b",
                                                        "{main}",
                                                        "main\n",
                                                        "a\u0000b",
                                                        "key_a\r\nSet-Cookie: x",
                                                        "req_" + LONG,
                                                        "key_" + LONG,
                                                        "subagent_1234567890_482915730164\n",
                                                        "subagent_1_" + "9".repeat(60),
                                                        "worker-1~k3f0\n",
                                                        "wor ker~k3f0",
                                                        "ключ")
                                                .map(text -> Arguments.of(kind, text)));
        return Stream.concat(own, hostile);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void aValidTextIsKeptAsItIs(Kind kind, String text) {
        assertThat(kind.parse.apply(text)).hasToString(text);
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void anythingElseIsRefusedWithoutBeingQuoted(Kind kind, String text) {
        assertThatThrownBy(() -> kind.parse.apply(text))
                .isInstanceOfSatisfying(
                        IllegalArgumentException.class,
                        refused -> assertThat(refused.getMessage()).hasSizeLessThan(80))
                .hasNoCause();
    }

    @Test
    void mintedIdsAreValidAndDifferent() {
        // Given
        SecureRandom random = new SecureRandom();
        Instant now = Instant.ofEpochSecond(1_234_567_890);

        // When
        AgentId agent = AgentId.mint(now, random);
        WorkerId worker = WorkerId.mint(new NodeId("Pi.4"), random);

        // Then
        assertThat(agent.value()).matches("subagent_1234567890_[0-9]{12}");
        assertThat(agent).isNotEqualTo(AgentId.mint(now, random));
        assertThat(worker.node()).isEqualTo(new NodeId("Pi.4"));
        assertThat(KeyId.mint(random).value()).matches("key_[a-z0-9]{16}");
        assertThat(RequestId.mint(random).value()).matches("req_[a-z0-9]{16}");
    }

    @Test
    void theLongestNodeNameMakesAValidWorker() {
        assertThat(WorkerId.mint(new NodeId("n".repeat(63)), new SecureRandom()).node().value())
                .hasSize(63);
    }
}
