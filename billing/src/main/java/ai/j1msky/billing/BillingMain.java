package ai.j1msky.billing;

import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ConfigException;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogStart;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.process.Management;
import ai.j1msky.common.process.ProcessMeters;
import ai.j1msky.common.topic.Topics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts a billing process; [BillingSettings] says what its environment has to hold.
///
/// No Spring here: without it the process takes half the memory, and it has two threads to put together.
public final class BillingMain {

    private static final Logger log = LoggerFactory.getLogger(BillingMain.class);

    private BillingMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        try {
            start(BillingSettings.of(System.getenv()));
        } catch (ConfigException mistakes) {
            PrintStream errors = System.err;
            mistakes.mistakes().forEach(errors::println);
            System.exit(1);
        } catch (IllegalArgumentException | IllegalStateException | IOException told) {
            PrintStream errors = System.err;
            errors.println(told.getMessage());
            System.exit(1);
        } catch (RuntimeException failed) {
            log.atError().setCause(failed).log("billing cannot start");
            System.exit(1);
        }
    }

    private static void start(BillingSettings settings) throws IOException, InterruptedException {
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
        closeAtExit(billing);
        billing.start();
    }

    /// A billing that was told to stop says so with 0, not with the signal's number.
    private static void closeAtExit(Billing billing) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    billing.close();
                                    Runtime.getRuntime().halt(0);
                                },
                                "stop"));
    }
}
