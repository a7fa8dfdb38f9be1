package ai.j1msky.infra.testkit;

import ai.j1msky.infra.local.LocalKafka;
import ai.j1msky.infra.local.LocalKafkaSettings;
import ai.j1msky.infra.local.LocalRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Kafka in this JVM and Redis as a child process, with their data in a directory that goes with them.
final class EmbeddedInfrastructure {

    private EmbeddedInfrastructure() {}

    static Infrastructure start() {
        Path directory = temporaryDirectory();
        LocalRedis redis = LocalRedis.start(directory.resolve("redis"), 0);
        LocalKafka kafka = LocalKafka.start(LocalKafkaSettings.in(directory.resolve("kafka")));
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> stop(kafka, redis, directory), "infrastructure-shutdown"));
        return new Infrastructure(kafka.bootstrapServers(), redis.host(), redis.port());
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("j1msky-test-");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory", e);
        }
    }

    private static void stop(LocalKafka kafka, LocalRedis redis, Path directory) {
        redis.kill();
        kafka.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println("left behind: " + directory);
        }
    }
}
