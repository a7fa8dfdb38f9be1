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
import java.time.Duration;
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

    private static final String CALLS = RedisKeys.provider("kimi", Duration.ofHours(1));

    private static TestRedis redis;
    private static String script;
    private ProjectedViews projected;
    private TestAgent agent;

    @BeforeAll
    static void start() throws IOException {
        redis = TestRedis.start();
        script = text("/redis/buckets.lua") + text("/redis/claim.lua");
    }

    private static String text(String name) throws IOException {
        try (InputStream resource = ClaimScriptTest.class.getResourceAsStream(name)) {
            byte[] text = Objects.requireNonNull(resource).readAllBytes();
            return new String(text, StandardCharsets.UTF_8);
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
        assertThat(claim(1, LIVES)).containsExactly("granted", agent.wrapped().value(), "-1");
    }

    @Test
    void aClaimTakesACallOfTheProvidersHourAndClaimedAgainNoMore() {
        // When
        List<String> first = claim(agent, 1, LIVES, 2);
        List<String> again = claim(agent, 1, LIVES, 2);

        // Then
        assertThat(first.getLast()).isEqualTo("1");
        assertThat(again.getFirst()).isEqualTo("granted");
        assertThat(redis.commands().hget(CALLS, "u")).isEqualTo("1");
    }

    @Test
    void withoutACallLeftNothingIsClaimed() {
        // Given
        TestAgent earlier = TestAgent.create();
        projected.write(earlier, earlier.command(), earlier.dataKey());
        claim(earlier, 1, LIVES, 1);

        // When
        List<String> answer = claim(agent, 1, LIVES, 1);

        // Then
        assertThat(answer.getFirst()).isEqualTo("spent");
        assertThat(Long.parseLong(answer.getLast())).isBetween(3_500_000L, 3_660_000L);
        assertThat(claim(agent, 1, OTHER, 0).getFirst()).as("it is free").isEqualTo("granted");
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
    void anEndedAgentWhoseDataWereDeletedIsEnded() {
        // Given
        projected.write(agent, agent.cancelRequested());
        projected.deleteData(agent);

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
        List<String> unseen = claim(TestAgent.create(), 1, LIVES, 0);
        List<String> withoutKey = claim(keyless, 1, LIVES, 0);

        // Then
        assertThat(unseen.getFirst()).isEqualTo("unknown");
        assertThat(withoutKey.getFirst()).isEqualTo("unknown");
    }

    private List<String> claim(int attempt, WorkerId worker) {
        return claim(agent, attempt, worker, 0);
    }

    /// @param hourly calls that its provider takes in an hour; 0 for no limit
    private static List<String> claim(TestAgent agent, int attempt, WorkerId worker, int hourly) {
        return redis.commands()
                .eval(
                        script,
                        ScriptOutputType.MULTI,
                        new String[] {RedisKeys.agent(agent.account(), agent.id()), CALLS},
                        Integer.toString(attempt),
                        worker.value(),
                        RedisKeys.LEASES,
                        Integer.toString(hourly),
                        "3600000");
    }
}
