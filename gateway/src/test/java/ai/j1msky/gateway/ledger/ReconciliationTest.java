package ai.j1msky.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.ledger.LedgerEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReconciliationTest {

    private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
    private static final Random RANDOM = new Random();

    @Test
    void aLedgerOfNothingIsRight() {
        assertThat(reconciled(List.of()))
                .isEqualTo(new Reconciliation.Result(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null));
    }

    @Test
    void whatIsOpenIsNoDifference() {
        // Given
        TestMoney open = agent();
        TestMoney ended = agent();

        // When
        Reconciliation.Result result =
                reconciled(
                        List.of(
                                open.held(100),
                                ended.held(50),
                                ended.charged(20),
                                ended.refunded(30)));

        // Then
        assertThat(result)
                .isEqualTo(new Reconciliation.Result(150, 20, 0, 30, 100, 0, 2, 4, 0, 0, NOW));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void whatIsWrongIsADifference(String how, long difference, List<LedgerEntry> entries) {
        // Given
        List<LedgerEntry> ledger = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            ledger.addAll(agent().life(RANDOM));
        }
        ledger.addAll(RANDOM.nextInt(2) * ledger.size(), entries);

        // When
        Reconciliation.Result result = reconciled(ledger);

        // Then
        assertThat(result.difference()).isEqualTo(difference);
        assertThat(result.wrongAgents()).isPositive();
        assertThat(result.agents())
                .isEqualTo(ledger.stream().map(LedgerEntry::agentId).distinct().count());
    }

    static Stream<Arguments> broken() {
        TestMoney a = agent();
        TestMoney b = agent();
        return Stream.of(
                wrong("the release is missing", 60, a.held(100), a.charged(40)),
                wrong("the charge is missing", 40, a.held(100), a.released(60)),
                wrong("too much charged", -5, a.held(100), a.charged(105)),
                wrong("too much released", -5, a.held(100), a.charged(40), a.released(65)),
                wrong("an end without a hold", -100, a.charged(40), a.released(60)),
                wrong("held twice while open", 100, a.held(100), a.held(100)),
                wrong(
                        "held again after its end",
                        100,
                        a.held(100),
                        a.charged(40),
                        a.released(60),
                        a.held(100)),
                wrong(
                        "charged twice",
                        -40,
                        a.held(100),
                        a.charged(40),
                        a.charged(40),
                        a.released(60)),
                wrong(
                        "released twice",
                        -60,
                        a.held(100),
                        a.charged(40),
                        a.released(60),
                        a.released(60)),
                wrong(
                        "released and refunded",
                        -60,
                        a.held(100),
                        a.charged(40),
                        a.released(60),
                        a.refunded(60)),
                wrong(
                        "everything twice",
                        200,
                        a.held(100),
                        a.held(100),
                        a.charged(100),
                        a.charged(100)),
                wrong(
                        "two agents whose errors cancel out",
                        10,
                        a.held(100),
                        a.charged(105),
                        b.held(100),
                        b.charged(95)));
    }

    private static Arguments wrong(String how, long difference, LedgerEntry... entries) {
        return Arguments.of(how, difference, Arrays.asList(entries));
    }

    @RepeatedTest(20)
    void leavingOutOrRepeatingAnyEntryOfAnEndedAgentIsFound() {
        // Given
        TestMoney agent = agent();
        List<LedgerEntry> life = List.of(agent.held(100), agent.charged(30), agent.released(70));
        int at = RANDOM.nextInt(3);
        List<LedgerEntry> less = new ArrayList<>(life);
        LedgerEntry entry = less.remove(at);
        List<LedgerEntry> more = new ArrayList<>(life);
        more.add(RANDOM.nextInt(4), entry);

        // Then
        assertThat(reconciled(life).difference()).isZero();
        assertThat(reconciled(less).difference()).isNotZero();
        assertThat(reconciled(more).difference()).isNotZero();
    }

    @Test
    void agentsThatEndedLongAgoAreForgottenButNotWhatWasWrong() {
        // Given
        TestMoney early = agent();
        List<LedgerEntry> ledger = new ArrayList<>(List.of(early.held(100), early.charged(40)));
        for (int n = 0; n < Reconciliation.ENDED_KEPT + 10; n++) {
            TestMoney other = agent();
            ledger.add(other.held(5));
            ledger.add(other.charged(5));
        }
        ledger.add(early.released(60));

        // When
        Reconciliation.Result result = reconciled(ledger);

        // Then
        assertThat(result.difference()).as("the sums are right, the agents are not").isEqualTo(120);
        assertThat(result.wrongAgents()).isEqualTo(2);
    }

    @Test
    void whatNobodyCanReadIsCounted() {
        // Given
        Reconciliation sums = new Reconciliation();

        // When
        sums.unreadable();

        // Then
        assertThat(sums.finish().unreadable()).isEqualTo(1);
    }

    private static TestMoney agent() {
        return TestMoney.of(new AccountId("sums"), NOW, RANDOM);
    }

    private static Reconciliation.Result reconciled(List<LedgerEntry> ledger) {
        Reconciliation sums = new Reconciliation();
        ledger.forEach(sums::add);
        return sums.finish();
    }
}
