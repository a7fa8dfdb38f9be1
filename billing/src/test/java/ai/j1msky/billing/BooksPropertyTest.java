package ai.j1msky.billing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentLog;
import ai.j1msky.common.agent.RandomLogs;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Reads random logs as billing does, with crashes between any two steps, and compares the ledger with a second opinion.
class BooksPropertyTest {

    private static final int LOGS = 60_000;
    private static final int ENOUGH_FOR_A_MUTANT = 5_000;

    @Test
    void theLedgerIsRightWhereverItCrashesAndWhateverIsThereTwice() {
        assertThat(firstMistake(Restart.REAL, RandomLogs::causal, LOGS)).isEmpty();
    }

    @Test
    void theLedgerIsRightOnLogsThatNobodyShouldWrite() {
        assertThat(firstMistake(Restart.REAL, RandomLogs::chaotic, LOGS)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REAL")
    void aBrokenRestartIsFound(Restart broken) {
        assertThat(firstMistake(broken, RandomLogs::causal, ENOUGH_FOR_A_MUTANT)).isNotEmpty();
    }

    private static Optional<String> firstMistake(
            Restart restart, LongFunction<AgentLog> logs, int number) {
        return LongStream.range(0, number)
                .mapToObj(logs)
                .map(log -> new CrashingBilling(log, restart).mistake())
                .flatMap(Optional::stream)
                .findFirst();
    }
}
