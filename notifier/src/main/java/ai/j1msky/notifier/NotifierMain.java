package ai.j1msky.notifier;

import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ConfigException;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogStart;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.process.Management;
import ai.j1msky.common.process.ProcessMeters;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.TargetRules;
import ai.j1msky.notifier.send.Sender;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts a notifier process; [NotifierSettings] says what its environment has to hold.
public final class NotifierMain {

    private static final Logger log = LoggerFactory.getLogger(NotifierMain.class);

    private NotifierMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        try {
            start(NotifierSettings.of(System.getenv()));
        } catch (ConfigException mistakes) {
            PrintStream errors = System.err;
            mistakes.mistakes().forEach(errors::println);
            System.exit(1);
        } catch (IllegalArgumentException | IllegalStateException | IOException told) {
            PrintStream errors = System.err;
            errors.println(told.getMessage());
            System.exit(1);
        } catch (RuntimeException failed) {
            log.atError().setCause(failed).log("notifier cannot start");
            System.exit(1);
        }
    }

    private static void start(NotifierSettings settings) throws IOException, InterruptedException {
        String node = settings.node().value();
        LogClients clients = new LogClients(settings.kafka(), node);
        PrometheusMeterRegistry meters = ProcessMeters.registry();
        AgencyConfig config = AgencyConfig.load(settings.config(), System.getenv());
        Notifier notifier =
                new Notifier(
                        clients,
                        node,
                        MasterKey.load(settings.masterKeyset()),
                        new Sender(new TargetRules(config.webhooks().allowedSubnets(), Set.of())),
                        new NotifierMetrics(meters),
                        Clock.systemUTC());
        Management management =
                new Management(settings.managementPort(), meters, notifier::isFollowing);
        management.start();
        LogStart.await(clients, LogStart.PATIENCE, admin -> TopicSetup.ensure(admin, Topics.ALL));
        closeAtExit(notifier);
        notifier.start();
    }

    /// A notifier that was told to stop says so with 0, not with the signal's number.
    private static void closeAtExit(Notifier notifier) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    notifier.close();
                                    Runtime.getRuntime().halt(0);
                                },
                                "stop"));
    }
}
