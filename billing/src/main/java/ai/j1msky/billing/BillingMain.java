package ai.j1msky.billing;

import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogStart;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.process.Management;
import ai.j1msky.common.process.ProcessMeters;
import ai.j1msky.common.process.ProcessSettings;
import ai.j1msky.common.process.ServiceStart;
import ai.j1msky.common.topic.Topics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;

/// Starts a billing process; [ProcessSettings] says what its environment has to hold.
///
/// No Spring here: without it the process takes half the memory, and it has two threads to put together.
public final class BillingMain {

    private BillingMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        ServiceStart.run(() -> start(ProcessSettings.of("billing", System.getenv())));
    }

    private static void start(ProcessSettings settings) throws IOException, InterruptedException {
        String node = settings.node().value();
        LogClients clients = new LogClients(settings.kafka(), node);
        PrometheusMeterRegistry meters = ProcessMeters.registry();
        BudgetTerms standard =
                AgencyConfig.load(settings.config(), System.getenv()).budgets().standard();
        Billing billing = new Billing(clients, node, standard, new BillingMetrics(meters));
        Management management =
                new Management(settings.managementPort(), meters, billing::isFollowing);
        management.start();
        LogStart.await(clients, LogStart.PATIENCE, admin -> TopicSetup.ensure(admin, Topics.ALL));
        ServiceStart.closeAtExit(billing::close);
        billing.start();
    }
}
