package ai.j1msky.common.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentLog;
import ai.j1msky.common.agent.RandomLogs;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Compares what moves with what [ExpectedMoney] says, on random logs: two workers that race, are lost and answer late,
/// cancels, expiries, costs above the hold, commands read before, between and after the events, and everything again.
class SettlementPropertyTest {

    private static final int LOGS = 60_000;
    private static final int ENOUGH_FOR_A_MUTANT = 5_000;

    @Test
    void theMoneyIsRightOnLogsThatWorkersCouldWrite() {
        assertThat(firstMistake(Settler::real, RandomLogs::causal, LOGS)).isEmpty();
    }

    @Test
    void theMoneyIsRightOnLogsThatNobodyShouldWrite() {
        assertThat(firstMistake(Settler::real, RandomLogs::chaotic, LOGS)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenSettlementIsFound(SettlementMutant mutant) {
        assertThat(firstMistake(mutant, RandomLogs::causal, ENOUGH_FOR_A_MUTANT)).isNotEmpty();
    }

    @Test
    void theLogsMoveMoneyInEveryWayOften() {
        // Given
        Map<LedgerKind, Integer> seen = new EnumMap<>(LedgerKind.class);

        // When
        LongStream.range(0, LOGS)
                .mapToObj(RandomLogs::causal)
                .flatMap(log -> ExpectedMoney.of(log).keySet().stream())
                .forEach(kind -> seen.merge(kind, 1, Integer::sum));

        // Then
        assertThat(seen.keySet()).containsExactlyInAnyOrder(LedgerKind.values());
        assertThat(seen.values()).allSatisfy(times -> assertThat(times).isGreaterThan(LOGS / 50));
    }

    private static Optional<String> firstMistake(
            Settler settler, LongFunction<AgentLog> logs, int number) {
        SettlementRun run = new SettlementRun(settler);
        return LongStream.range(0, number)
                .mapToObj(logs)
                .map(run::mistake)
                .flatMap(Optional::stream)
                .findFirst();
    }
}
