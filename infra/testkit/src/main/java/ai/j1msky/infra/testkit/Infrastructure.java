package ai.j1msky.infra.testkit;

import org.testcontainers.DockerClientFactory;

/// One real Kafka and one real Redis for all tests of a JVM, started by the first that asks and stopped at its exit.
///
/// They are containers where Docker is available, else the embedded ones; `-Dinfra=embedded` always takes the
/// latter. Tests share both, so each uses topics, groups and Redis keys of its own.
///
/// @param kafkaBootstrap for example `127.0.0.1:9092`
public record Infrastructure(String kafkaBootstrap, String redisHost, int redisPort) {

    private static final class Shared {
        private static final Infrastructure INSTANCE = start();
    }

    /// Starts both on first use, which takes about three seconds embedded.
    public static Infrastructure get() {
        return Shared.INSTANCE;
    }

    private static Infrastructure start() {
        QuietLoggers.install();
        boolean embedded = "embedded".equals(System.getProperty("infra"));
        if (!embedded && DockerClientFactory.instance().isDockerAvailable()) {
            return ContainerInfrastructure.start();
        }
        return EmbeddedInfrastructure.start();
    }
}
