package ai.j1msky.billing;

import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.topic.Topics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts a billing process. Settings are environment variables: `J1MSKY_KAFKA` (`host:port`), `J1MSKY_NODE` (its name,
/// the same after a restart), `J1MSKY_MANAGEMENT_PORT` (health and metrics, on loopback).
///
/// No Spring here: without it the process takes half the memory, and it has two threads to put together.
public final class BillingMain {

    private static final Logger log = LoggerFactory.getLogger(BillingMain.class);

    private BillingMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> settings = System.getenv();
        String kafka = settings.getOrDefault("J1MSKY_KAFKA", "127.0.0.1:9092");
        String node = settings.getOrDefault("J1MSKY_NODE", "billing");
        int port = Integer.parseInt(settings.getOrDefault("J1MSKY_MANAGEMENT_PORT", "0"));
        LogClients clients = new LogClients(kafka, node);
        awaitTopics(clients);
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Billing billing = new Billing(clients, node, new BillingMetrics(meters));
        Management management = new Management(port, meters);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    management.close();
                                    billing.close();
                                    // As it was told to: not with the signal's number.
                                    Runtime.getRuntime().halt(0);
                                },
                                "stop"));
        billing.start();
        management.start();
    }

    private static void awaitTopics(LogClients clients) throws InterruptedException {
        try (Admin admin = clients.admin()) {
            while (true) {
                try {
                    admin.describeCluster().nodes().get();
                    TopicSetup.ensure(admin, List.copyOf(Topics.ALL));
                    return;
                } catch (ExecutionException | IllegalStateException away) {
                    log.atInfo().log("waiting for kafka");
                    Thread.sleep(1_000);
                }
            }
        }
    }
}
