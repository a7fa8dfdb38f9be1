package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.LedgerKind;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The ledger says of each agent what its client reads, once, whenever billing dies; and nobody waits for billing.
@Order(6)
@ExtendWith(RunningProduct.class)
class BillingLossIT {

    private static final Duration BILLED = Duration.ofSeconds(30);
    private static final int SPAWNED_BETWEEN = 10;
    private static final int DEATHS = 2;

    private final Product product;
    private final Client client;

    BillingLossIT(Product product) {
        this.product = product;
        this.client = product.live();
    }

    @Test
    void whatAnAgentCostStandsOnTheLedgerWithTheRestOfItsHold() {
        // Given
        Scripted task = Scripted.of("tokens=20");

        // When
        Answer spawned = client.spawned(Client.order("sonnet", task.task()));
        Answer ended = client.end(spawned.agentId());

        // Then
        long held = Answer.micros(spawned.body().get("estimated_cost"));
        assertThat(ended.cost()).isPositive().isLessThan(held);
        awaitLedger(
                Map.of(
                        spawned.agentId(),
                        Map.of(
                                LedgerKind.HELD,
                                held,
                                LedgerKind.CHARGED,
                                ended.cost(),
                                LedgerKind.RELEASED,
                                held - ended.cost())));
    }

    @Test
    void whatHappensWhileBillingIsDeadIsBilledOnceItIsStartedAgain() {
        // Given
        List<Answer> spawned = new ArrayList<>();

        // When
        for (int death = 0; death < DEATHS; death++) {
            spawnSome(spawned);
            product.processes().kill("billing");
            spawnSome(spawned);
            product.restart("billing");
        }

        // Then
        Map<String, Map<LedgerKind, Long>> expected =
                spawned.stream()
                        .collect(Collectors.toMap(Answer::agentId, this::movementsOfItsEnd));
        awaitLedger(expected);
    }

    private void spawnSome(List<Answer> spawned) {
        for (int number = 0; number < SPAWNED_BETWEEN; number++) {
            String task = Scripted.of("delay=200ms tokens=5").task();
            spawned.add(client.spawned(Client.order("k2p5", task)));
        }
    }

    private Map<LedgerKind, Long> movementsOfItsEnd(Answer spawned) {
        long held = Answer.micros(spawned.body().get("estimated_cost"));
        long cost = client.end(spawned.agentId()).cost();
        assertThat(cost).isPositive();
        return Map.of(
                LedgerKind.HELD, held, LedgerKind.CHARGED, cost, LedgerKind.RELEASED, held - cost);
    }

    private void awaitLedger(Map<String, Map<LedgerKind, Long>> expected) {
        Awaitility.await("the ledger of " + expected.keySet())
                .atMost(BILLED)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(ledgerOf(expected)).isEqualTo(expected));
    }

    /// What the ledger says of these agents; fails when it says something twice.
    private Map<String, Map<LedgerKind, Long>> ledgerOf(Map<String, ?> agents) {
        return product.log().entries(Topics.LEDGER).stream()
                .filter(entry -> agents.containsKey(entry.agentId().value()))
                .collect(
                        Collectors.groupingBy(
                                entry -> entry.agentId().value(),
                                Collectors.toMap(
                                        LedgerEntry::kind, entry -> entry.amount().micros())));
    }
}
