package ai.j1msky.infra.local;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The broker as a process of its own:
/// `KafkaMain --data DIR [--port P] [--controller-port P] [--bind ADDR] [--advertise ADDR]`, and, for one of several
/// nodes, `--node N --voters HOST:PORT,HOST:PORT,HOST:PORT`: its number, and the controllers of all in their order.
///
/// Runs until SIGTERM, then shuts down in order.
public final class KafkaMain {

    private KafkaMain() {}

    public static void main(String[] arguments) {
        // Named, not found by default: this jar also lies on the class path of tests with a set-up
        // of their own.
        System.setProperty("logback.configurationFile", "ai/j1msky/infra/local/logback.xml");
        Logger log = LoggerFactory.getLogger(KafkaMain.class);
        try {
            LocalKafka kafka = LocalKafka.start(settings(Options.parse(List.of(arguments))));
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "kafka-shutdown"));
            log.atInfo().addKeyValue("bootstrap", kafka.bootstrapServers()).log("kafka ready");
        } catch (UsageException e) {
            System.err.println("kafka: " + e.getMessage());
            System.exit(2);
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("kafka cannot start");
            System.exit(1);
        }
    }

    private static LocalKafkaSettings settings(Options options) {
        return new LocalKafkaSettings(
                Path.of(options.required("data")),
                options.orElse("bind", "127.0.0.1"),
                options.number("port", 0),
                options.number("controller-port", 0),
                options.optional("advertise"),
                null,
                quorum(options));
    }

    private static LocalKafkaSettings.@Nullable Quorum quorum(Options options) {
        String voters = options.optional("voters");
        try {
            return voters == null
                    ? null
                    : new LocalKafkaSettings.Quorum(
                            options.number("node", 0), List.of(voters.split(",", -1)));
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("--node must say which of the voters this is: " + voters);
        }
    }
}
