package ai.j1msky.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogStart;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.infra.testkit.Infrastructure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Two billings: the first works, the second follows and takes over.
class StandbyIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Running(Billing billing, SimpleMeterRegistry meters) {

        static Running start(String node) {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            LogClients clients = new LogClients(Infrastructure.get().kafkaBootstrap(), node);
            Billing billing =
                    new Billing(
                            clients,
                            node,
                            new BudgetTerms(Money.ZERO, Money.ZERO, List.of()),
                            new BillingMetrics(meters));
            billing.start();
            await().atMost(PATIENCE).until(billing::isFollowing);
            return new Running(billing, meters);
        }

        boolean works() {
            return meters.get("j1msky.billing.owner").gauge().value() == 1;
        }
    }

    @Test
    void whoIsReadyWorksOrTakesOver() throws Exception {
        // Given
        LogStart.await(
                new LogClients(Infrastructure.get().kafkaBootstrap(), "standby-it"),
                PATIENCE,
                admin -> TopicSetup.ensure(admin, Topics.ALL));
        Running first = Running.start("billing-1");
        Running second = Running.start("billing-2");
        try {
            await().atMost(PATIENCE).until(() -> first.works() && !second.works());

            // When
            first.billing.close();

            // Then
            assertThat(first.billing.isFollowing()).isFalse();
            await().atMost(PATIENCE).until(() -> second.works() && second.billing.isFollowing());
        } finally {
            first.billing.close();
            second.billing.close();
        }
    }
}
