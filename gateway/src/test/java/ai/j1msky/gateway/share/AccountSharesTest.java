package ai.j1msky.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountSharesTest {

    private static final AccountId ONE = new AccountId("one");
    private static final AccountId TWO = new AccountId("two");

    private final SimulatedCluster cluster = new SimulatedCluster(16);

    @Nested
    class OneAccount {

        @Test
        void hasAllSlotsAndAFewMoreAtOnce() {
            // When
            cluster.spawn(ONE, Priority.NORMAL, 100);

            // Then
            assertThat(cluster.queued(ONE)).as("16 slots and a quarter").isEqualTo(20);
            assertThat(cluster.shares().waiting()).isEqualTo(80);
        }

        @Test
        void getsTheNextOnesInWhenSomeHaveEnded() {
            // Given
            List<AgentId> agents = cluster.spawn(ONE, Priority.NORMAL, 25);

            // When
            cluster.end(agents.get(3));
            cluster.end(agents.get(7));

            // Then
            assertThat(cluster.due()).containsExactly(agents.get(20), agents.get(21));
            assertThat(cluster.due()).as("counted since").isEmpty();
        }

        @Test
        void isSharedByPriority() {
            // Given
            cluster.spawn(ONE, Priority.LOW, 1_000);

            // When
            AgentId atOnce = cluster.enter(ONE, Priority.HIGH);

            // Then
            assertThat(atOnce).isNotNull();
        }

        @Test
        void doesNotOvertakeItself() {
            // Given
            List<AgentId> agents = cluster.spawn(ONE, Priority.NORMAL, 30);

            // When
            cluster.end(agents.getFirst());

            // Then
            assertThat(cluster.enter(ONE, Priority.NORMAL)).as("its eldest wait still").isNull();
        }

        @Test
        void hasNoMoreWhenManyComeBeforeTheLogSaysSo() {
            // When
            List<AgentId> entered =
                    IntStream.range(0, 100)
                            .mapToObj(_ -> cluster.enter(ONE, Priority.NORMAL))
                            .filter(Objects::nonNull)
                            .toList();
            cluster.shares().withdraw(entered.getFirst());

            // Then
            assertThat(entered).hasSize(20);
            assertThat(cluster.enter(ONE, Priority.NORMAL)).isNotNull();
            assertThat(cluster.enter(ONE, Priority.NORMAL)).isNull();
        }

        @Test
        void hasAFewInPlayWhenNoWorkerIsKnown() {
            // Given
            SimulatedCluster empty = new SimulatedCluster(0);

            // When
            empty.spawn(ONE, Priority.NORMAL, 100);

            // Then
            assertThat(empty.queued(ONE)).isEqualTo(AccountShares.FEWEST);
        }
    }

    @Nested
    class SeveralAccounts {

        @Test
        void aSmallOneGoesStraightToTheQueueWhateverAnotherHas() {
            // Given
            cluster.spawn(ONE, Priority.NORMAL, 1_000);

            // When
            cluster.spawn(TWO, Priority.NORMAL, 10);

            // Then
            assertThat(cluster.queued(TWO)).isEqualTo(10);
        }

        @ParameterizedTest
        @CsvSource({"1000, 10", "10000, 10", "1000, 1"})
        void aSmallOneWaitsForAFewOfTheOthersOnly(int large, int small) {
            // Given
            cluster.spawn(ONE, Priority.NORMAL, large);
            cluster.run(10);
            cluster.spawn(TWO, Priority.NORMAL, small);

            // When
            int before = cluster.startsOf(ONE);
            cluster.runUntil(() -> cluster.startsOf(TWO) == small);

            // Then: those that were queued, and each other start
            assertThat(cluster.startsOf(ONE) - before).isLessThanOrEqualTo(4 + small);
        }

        @Test
        void twoWithMuchToDoGetTheSame() {
            // Given
            cluster.spawn(ONE, Priority.NORMAL, 1_000);
            cluster.run(10);
            cluster.spawn(TWO, Priority.NORMAL, 1_000);
            int before = cluster.startsOf(ONE);

            // When
            cluster.runUntil(() -> cluster.startsOf(TWO) == 400);

            // Then
            assertThat(cluster.startsOf(ONE) - before).isBetween(380, 440);
        }

        @Test
        void whatOneDoesNotUseIsTheOthers() {
            // Given
            for (int i = 0; i < 9; i++) {
                cluster.spawn(new AccountId("light-" + i), Priority.NORMAL, 1);
            }

            // When
            cluster.spawn(ONE, Priority.NORMAL, 100);

            // Then
            assertThat(cluster.queued(ONE)).as("20 less those of nine others").isEqualTo(11);
        }

        @Test
        void aThousandWithOneAgentEachAllGetTheirTurn() {
            // Given
            for (int i = 0; i < 1_000; i++) {
                cluster.spawn(new AccountId("light-" + i), Priority.NORMAL, 1);
            }

            // When
            cluster.runUntil(() -> cluster.starts() == 1_000);

            // Then
            assertThat(cluster.shares().waiting()).isZero();
        }
    }

    @Nested
    class HandedOut {

        @Test
        void isDueAgainWhenItCouldNotBeSent() {
            // Given
            List<AgentId> agents = cluster.spawn(ONE, Priority.NORMAL, 22);
            cluster.end(agents.getFirst());
            List<AgentId> due = cluster.due();

            // When
            cluster.shares().putBack(due);

            // Then
            assertThat(due).containsExactly(agents.get(20));
            assertThat(cluster.due()).hasSize(1);
        }

        @Test
        void isNotDueTwiceWhileTheLogHasNotSaidIt() {
            // Given
            List<AgentId> agents = cluster.spawn(ONE, Priority.NORMAL, 21);
            cluster.end(agents.getFirst());
            List<AgentId> due = cluster.due();

            // When: its first command is read again
            cluster.read(due.getFirst(), Place.WAITING);

            // Then
            assertThat(due).hasSize(1);
            assertThat(cluster.due()).isEmpty();
        }

        @Test
        void isForgottenWhenItIsCancelledMeanwhile() {
            // Given
            List<AgentId> agents = cluster.spawn(ONE, Priority.NORMAL, 21);
            cluster.end(agents.getFirst());
            List<AgentId> due = cluster.due();

            // When
            cluster.end(due.getFirst());
            cluster.shares().putBack(due);

            // Then
            assertThat(cluster.due()).isEmpty();
            assertThat(cluster.shares().waiting()).isZero();
        }

        @Test
        void wakesWhoWaitsForIt() {
            // Given
            List<AgentId> agents = cluster.spawn(ONE, Priority.NORMAL, 21);
            CompletableFuture<List<AgentId>> due =
                    CompletableFuture.supplyAsync(() -> cluster.due(Duration.ofMinutes(1)));

            // When
            cluster.end(agents.getFirst());

            // Then
            assertThat(due.orTimeout(30, TimeUnit.SECONDS).join())
                    .containsExactly(agents.getLast());
        }
    }

    /// Random accounts, priorities, slots and lengths of runs.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void nothingIsLostAndNoSlotIsFreeWhileSomethingWaits(long seed) {
        IntStream.range(0, 20)
                .mapToObj(part -> new RandomCluster(seed * 1_000 + part))
                .forEach(RandomCluster::requireEverythingRunsOnce);
    }
}
