package ai.j1msky.notifier;

import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogStart;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.process.Management;
import ai.j1msky.common.process.ProcessMeters;
import ai.j1msky.common.process.ProcessSettings;
import ai.j1msky.common.process.ServiceStart;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.TargetRules;
import ai.j1msky.notifier.send.Sender;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;

/// Starts a notifier process; [ProcessSettings] says what its environment has to hold, and beside that
/// `J1MSKY_MASTER_KEYSET` or `J1MSKY_MASTER_KEYSET_JSON`.
public final class NotifierMain {

    private NotifierMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        ServiceStart.run(() -> start(ProcessSettings.of("notifier", System.getenv())));
    }

    private static void start(ProcessSettings settings) throws IOException, InterruptedException {
        String node = settings.node().value();
        LogClients clients = new LogClients(settings.kafka(), node);
        PrometheusMeterRegistry meters = ProcessMeters.registry();
        AgencyConfig config = AgencyConfig.load(settings.config(), System.getenv());
        Map<String, String> environment = System.getenv();

        TargetRules rules =
                new TargetRules(
                        config.webhooks().allowedSubnets(),
                        TargetRules.portsOf(
                                settings.kafka(),
                                environment.getOrDefault("SPRING_DATA_REDIS_PORT", "6379")));
        Notifier notifier =
                new Notifier(
                        clients,
                        node,
                        MasterKey.find(
                                environment.get(MasterKey.KEYSET_VARIABLE),
                                environment.get(MasterKey.FILE_VARIABLE)),
                        new Sender(rules),
                        new NotifierMetrics(meters),
                        Clock.systemUTC());
        Management management =
                new Management(settings.managementPort(), meters, notifier::isFollowing);
        management.start();
        LogStart.await(clients, LogStart.PATIENCE, admin -> TopicSetup.ensure(admin, Topics.ALL));
        ServiceStart.closeAtExit(notifier::close);
        notifier.start();
    }
}
