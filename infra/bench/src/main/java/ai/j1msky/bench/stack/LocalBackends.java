package ai.j1msky.bench.stack;

import ai.j1msky.bench.process.Cleanup;
import ai.j1msky.infra.local.LocalRedis;
import java.nio.file.Path;
import java.util.List;

/// Kafka and Redis without the product, for measuring the floors alone.
public final class LocalBackends {

    private final KafkaProcess kafka;
    private final LocalRedis redis;

    private LocalBackends(KafkaProcess kafka, LocalRedis redis) {
        this.kafka = kafka;
        this.redis = redis;
    }

    /// @param directory for the data of both
    /// @param cleanup ends both
    public static LocalBackends start(Path directory, Cleanup cleanup) {
        LocalRedis redis = cleanup.add(LocalRedis.start(directory.resolve("redis"), 0));
        return new LocalBackends(KafkaProcess.start(directory.resolve("kafka"), cleanup), redis);
    }

    public Backends backends() {
        return new Backends(kafka.bootstrap(), redis.port());
    }

    public List<Long> pids() {
        return List.of(kafka.pid(), redis.pid());
    }
}
