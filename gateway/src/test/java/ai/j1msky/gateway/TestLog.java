package ai.j1msky.gateway;

import ai.j1msky.infra.local.FreePort;
import ai.j1msky.infra.local.LocalKafka;
import ai.j1msky.infra.local.LocalKafkaSettings;
import ai.j1msky.infra.testkit.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// One real Kafka for the gateway's tests of this JVM, reached directly by tests and through a proxy by gateways.
///
/// It is not the one of the test kit: a gateway folds the whole log, so tests that run gateways cannot share
/// theirs, and that one has no listener behind a proxy.
public record TestLog(String bootstrap, TcpProxy proxy) {

    private static final class Shared {
        private static final TestLog INSTANCE = start();
    }

    public static TestLog get() {
        return Shared.INSTANCE;
    }

    public String proxiedBootstrap() {
        return "127.0.0.1:" + proxy.port();
    }

    private static TestLog start() {
        try {
            Path directory = Files.createTempDirectory("j1msky-log-test-");
            int behind = FreePort.pick();
            TcpProxy proxy = TcpProxy.to(behind);
            LocalKafka kafka =
                    LocalKafka.start(
                            LocalKafkaSettings.in(directory)
                                    .behind(new LocalKafkaSettings.Proxied(behind, proxy.port())));
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> stop(kafka, directory), "log-shutdown"));
            return new TestLog(kafka.bootstrapServers(), proxy);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static void stop(LocalKafka kafka, Path directory) {
        kafka.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException undeletable) {
            System.err.println("left behind: " + directory);
        }
    }
}
