package ai.j1msky.gateway.projection;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.TestAgent;
import ai.j1msky.gateway.TestRedis;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `claim.lua` on views that the projection wrote.
class ClaimScriptTest {

    private static final WorkerId LIVES = TestAgent.worker();
    private static final WorkerId OTHER = TestAgent.worker();

    private static TestRedis redis;
    private static String script;
    private ProjectedViews projected;
    private TestAgent agent;

    @BeforeAll
    static void start() throws IOException {
        redis = TestRedis.start();
        try (InputStream resource = ClaimScriptTest.class.getResourceAsStream("/redis/claim.lua")) {
            byte[] text = Objects.requireNonNull(resource).readAllBytes();
            script = new String(text, StandardCharsets.UTF_8);
        }
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void waitingAgent() {
        redis.commands().flushall();
        redis.commands().set(RedisKeys.lease(LIVES), "1");
        redis.commands().set(RedisKeys.lease(OTHER), "1");
        projected = new ProjectedViews(redis);
        agent = TestAgent.create();
        projected.write(agent, agent.command(), agent.dataKey());
    }

    @Test
    void theFirstWorkerIsGrantedTheAttemptAndTheKey() {
        assertThat(claim(1, LIVES)).containsExactly("granted", agent.wrapped().value());
    }

    @Test
    void itsOwnClaimIsGrantedAgain() {
        // Given
        claim(1, LIVES);

        // When
        List<String> answer = claim(1, LIVES);

        // Then
        assertThat(answer.getFirst()).isEqualTo("granted");
    }

    @Test
    void aLivingWorkersClaimIsTaken() {
        // Given
        claim(1, LIVES);

        // When
        List<String> answer = claim(1, OTHER);

        // Then
        assertThat(answer.getFirst()).isEqualTo("taken");
    }

    @Test
    void aDeadWorkersClaimIsGrantedToTheNext() {
        // Given
        claim(1, LIVES);
        redis.commands().del(RedisKeys.lease(LIVES));

        // When
        List<String> answer = claim(1, OTHER);

        // Then
        assertThat(answer.getFirst()).isEqualTo("granted");
    }

    @Test
    void anAttemptThatHasStartedIsEnded() {
        // Given
        claim(1, LIVES);
        projected.write(agent, agent.started(1, LIVES));

        // When
        List<String> first = claim(1, OTHER);
        List<String> second = claim(2, OTHER);

        // Then
        assertThat(first.getFirst()).isEqualTo("ended");
        assertThat(second.getFirst()).isEqualTo("granted");
    }

    @Test
    void anAttemptWithASuccessorIsEnded() {
        // Given
        claim(2, LIVES);

        // When
        List<String> answer = claim(1, OTHER);

        // Then
        assertThat(answer.getFirst()).isEqualTo("ended");
    }

    @Test
    void anEndedAgentIsEnded() {
        // Given
        projected.write(agent, agent.cancelRequested());

        // When
        List<String> answer = claim(1, LIVES);

        // Then
        assertThat(answer.getFirst()).isEqualTo("ended");
    }

    @Test
    void anAgentWithoutAViewOrAKeyIsUnknown() {
        // Given
        TestAgent keyless = TestAgent.create();
        projected.write(keyless, keyless.command());

        // When
        List<String> unseen = claim(TestAgent.create(), 1, LIVES);
        List<String> withoutKey = claim(keyless, 1, LIVES);

        // Then
        assertThat(unseen.getFirst()).isEqualTo("unknown");
        assertThat(withoutKey.getFirst()).isEqualTo("unknown");
    }

    private List<String> claim(int attempt, WorkerId worker) {
        return claim(agent, attempt, worker);
    }

    private static List<String> claim(TestAgent agent, int attempt, WorkerId worker) {
        return redis.commands()
                .eval(
                        script,
                        ScriptOutputType.MULTI,
                        new String[] {RedisKeys.agent(agent.account(), agent.id())},
                        Integer.toString(attempt),
                        worker.value(),
                        RedisKeys.LEASES);
    }
}
