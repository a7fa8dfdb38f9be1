package ai.j1msky.infra.testkit;

import ai.j1msky.infra.local.LocalKafka;
import java.util.Locale;
import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/// The same two servers from their official images, with the broker settings of the embedded one. Testcontainers
/// removes the containers when the JVM ends.
final class ContainerInfrastructure {

    private static final int REDIS_PORT = 6379;
    private static final DockerImageName REDIS_IMAGE = DockerImageName.parse("redis:7.2-alpine");
    private static final DockerImageName KAFKA_IMAGE =
            DockerImageName.parse("apache/kafka").withTag(AppInfoParser.getVersion());

    private ContainerInfrastructure() {}

    @SuppressWarnings("resource") // both live as long as the JVM
    static Infrastructure start() {
        KafkaContainer kafka = new KafkaContainer(KAFKA_IMAGE);
        LocalKafka.singleNodeSettings()
                .forEach((name, value) -> kafka.addEnv(environmentName(name), value));
        kafka.start();
        GenericContainer<?> redis =
                new GenericContainer<>(REDIS_IMAGE)
                        .withExposedPorts(REDIS_PORT)
                        .withCommand("redis-server", "--maxmemory-policy", "noeviction");
        redis.start();
        return new Infrastructure(
                kafka.getBootstrapServers(), redis.getHost(), redis.getMappedPort(REDIS_PORT));
    }

    private static String environmentName(String setting) {
        return "KAFKA_" + setting.replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
