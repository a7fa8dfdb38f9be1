package ai.j1msky.bench.stack;

import ai.j1msky.bench.process.ChildJvm;
import ai.j1msky.bench.process.Cleanup;
import ai.j1msky.infra.local.FreePort;
import ai.j1msky.infra.local.KafkaMain;
import ai.j1msky.infra.local.LocalRedis;
import java.nio.file.Path;
import java.util.List;

/// Kafka and Redis without the product, for measuring the floors alone.
public final class LocalBackends {

    private static final List<String> KAFKA_FLAGS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xmx256m",
                    "-Xss512k",
                    "-XX:+UseCompactObjectHeaders",
                    "--sun-misc-unsafe-memory-access=allow");

    private final ChildJvm kafka;
    private final int kafkaPort;
    private final LocalRedis redis;

    private LocalBackends(ChildJvm kafka, int kafkaPort, LocalRedis redis) {
        this.kafka = kafka;
        this.kafkaPort = kafkaPort;
        this.redis = redis;
    }

    /// @param directory for the data of both
    /// @param cleanup ends both
    public static LocalBackends start(Path directory, Cleanup cleanup) {
        LocalRedis redis = cleanup.add(LocalRedis.start(directory.resolve("redis"), 0));
        int port = FreePort.pick();
        List<String> arguments =
                List.of(
                        "--data",
                        directory.resolve("kafka").toString(),
                        "--port",
                        Integer.toString(port));
        ChildJvm kafka =
                ChildJvm.start(cleanup, KAFKA_FLAGS, KafkaMain.class, arguments, "kafka ready");
        return new LocalBackends(kafka, port, redis);
    }

    public Backends backends() {
        return new Backends("127.0.0.1:" + kafkaPort, redis.port());
    }

    public List<Long> pids() {
        return List.of(kafka.pid(), redis.pid());
    }
}
