package ai.j1msky.bench.stack;

import ai.j1msky.bench.process.ChildJvm;
import ai.j1msky.bench.process.Cleanup;
import ai.j1msky.infra.local.FreePort;
import ai.j1msky.infra.local.KafkaMain;
import java.nio.file.Path;
import java.util.List;

/// A Kafka without the product, with the launcher's flags.
public final class KafkaProcess {

    private static final List<String> FLAGS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xmx256m",
                    "-Xss512k",
                    "-XX:+UseCompactObjectHeaders",
                    "--sun-misc-unsafe-memory-access=allow");

    private final ChildJvm jvm;
    private final int port;

    private KafkaProcess(ChildJvm jvm, int port) {
        this.jvm = jvm;
        this.port = port;
    }

    /// @param directory for its data
    /// @param cleanup ends it
    public static KafkaProcess start(Path directory, Cleanup cleanup) {
        int port = FreePort.pick();
        List<String> arguments =
                List.of("--data", directory.toString(), "--port", Integer.toString(port));
        return new KafkaProcess(
                ChildJvm.start(cleanup, FLAGS, KafkaMain.class, arguments, "kafka ready"), port);
    }

    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    public long pid() {
        return jvm.pid();
    }
}
