package ai.j1msky.common.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AgentLifePropertyTest {

    private static final int LOGS = 20_000;

    @Test
    void everyPromiseHoldsOnLogsThatWorkersCouldWrite() {
        assertThat(firstViolation(Fold::real, RandomLogs::causal)).isEmpty();
    }

    @Test
    void everyPromiseHoldsOnLogsThatNobodyShouldWrite() {
        assertThat(firstViolation(Fold::real, RandomLogs::chaotic)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenLifeIsFound(Mutant mutant) {
        assertThat(firstViolation(mutant, RandomLogs::causal)).isNotEmpty();
    }

    @Test
    void theLogsReachEveryEndInNumbers() {
        // Given
        Map<AgentStatus, Integer> ends = new EnumMap<>(AgentStatus.class);

        // When
        LongStream.range(0, LOGS)
                .mapToObj(RandomLogs::causal)
                .forEach(log -> ends.merge(endOf(log).status(), 1, Integer::sum));

        // Then: those that were only ever put off are few
        ends.remove(AgentStatus.SPAWNING);
        assertThat(ends)
                .containsKeys(
                        AgentStatus.RUNNING,
                        AgentStatus.COMPLETED,
                        AgentStatus.FAILED,
                        AgentStatus.CANCELLED);
        assertThat(ends.values()).allSatisfy(count -> assertThat(count).isGreaterThan(LOGS / 50));
    }

    @Test
    void theLogsLoseBothAttemptsOften() {
        // When
        long lostTwice =
                LongStream.range(0, LOGS)
                        .mapToObj(seed -> endOf(RandomLogs.causal(seed)).outcome())
                        .filter(end -> end != null && FailureReason.WORKER_LOST.equals(end.error()))
                        .count();

        // Then
        assertThat(lostTwice).isGreaterThan(LOGS / 200);
    }

    private static AgentState endOf(AgentLog log) {
        AgentState state = AgentState.UNKNOWN;
        for (AgentEvent event : log.events()) {
            state = AgentLife.apply(state, event);
        }
        return state;
    }

    private static Optional<String> firstViolation(Fold fold, LongFunction<AgentLog> logs) {
        LifeChecker checker = new LifeChecker(fold);
        return LongStream.range(0, LOGS)
                .mapToObj(logs)
                .map(checker::violation)
                .flatMap(Optional::stream)
                .findFirst();
    }
}
