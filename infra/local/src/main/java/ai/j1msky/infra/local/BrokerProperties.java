package ai.j1msky.infra.local;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The broker's settings: small indexes, fast failure detection, and the share group limits that the workers rely on.
/// A node that is alone replicates nothing; of several, three hold each record, and two must before it counts.
final class BrokerProperties {

    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private static final int MOST_REPLICAS = 3;

    /// Records up to 2 MiB, and room for the batch header, the key and the CloudEvents headers.
    private static final int MAX_BATCH_BYTES = 2 * 1024 * 1024 + 64 * 1024;

    private final Properties properties = new Properties();

    private BrokerProperties() {}

    /// @param settings with the ports already chosen
    static Properties of(LocalKafkaSettings settings) {
        LocalKafkaSettings.Quorum quorum = settings.quorum();
        BrokerProperties broker =
                quorum == null
                        ? singleNode()
                        : node(Math.min(quorum.voters().size(), MOST_REPLICAS));
        broker.listeners(settings);
        broker.set("log.dirs", settings.dataDirectory().toAbsolutePath());
        return broker.properties;
    }

    /// What holds for any single node, wherever it listens and keeps its data.
    static BrokerProperties singleNode() {
        return node(1);
    }

    private static BrokerProperties node(int replicas) {
        BrokerProperties broker = new BrokerProperties();
        broker.storage();
        broker.replication(replicas, replicas / 2 + 1);
        broker.internalTopics();
        broker.groups();
        broker.sizes();
        return broker;
    }

    Map<String, String> asMap() {
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    private void listeners(LocalKafkaSettings settings) {
        LocalKafkaSettings.Quorum quorum = settings.quorum();
        // One that is alone is asked by nobody else.
        String controllerHost = quorum == null ? "127.0.0.1" : bracketed(settings.bindAddress());
        String controller = controllerHost + ":" + settings.controllerPort();
        List<String> voters = quorum == null ? List.of(controller) : quorum.voters();
        String listeners =
                "PLAINTEXT://%s:%d,%s://%s"
                        .formatted(
                                bracketed(settings.bindAddress()),
                                settings.port(),
                                CONTROLLER_LISTENER,
                                controller);
        String advertised =
                "PLAINTEXT://%s:%d".formatted(bracketed(settings.clientHost()), settings.port());
        LocalKafkaSettings.Proxied proxied = settings.proxied();
        if (proxied != null) {
            listeners += ",PROXIED://127.0.0.1:" + proxied.port();
            advertised += ",PROXIED://127.0.0.1:" + proxied.proxyPort();
        }
        set("process.roles", "broker,controller");
        set("node.id", settings.nodeId());
        set("listeners", listeners);
        set("advertised.listeners", advertised);
        set("controller.listener.names", CONTROLLER_LISTENER);
        set(
                "controller.quorum.voters",
                IntStream.range(0, voters.size())
                        .mapToObj(at -> (at + 1) + "@" + voters.get(at))
                        .collect(Collectors.joining(",")));
        set("inter.broker.listener.name", "PLAINTEXT");
        set(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT");
        // A broker that was killed is fenced, and may register again, after this time.
        set("broker.session.timeout.ms", 3000);
        set("broker.heartbeat.interval.ms", 500);
    }

    private void storage() {
        set("auto.create.topics.enable", false);
        set("log.index.size.max.bytes", 1024 * 1024);
        set("log.cleaner.dedupe.buffer.size", 4 * 1024 * 1024);
        set("num.partitions", 1);
        // A node whose clock is an hour ahead may still write.
        set("log.message.timestamp.after.max.ms", Duration.ofDays(1).toMillis());
    }

    private void replication(int replicas, int inSync) {
        set("default.replication.factor", replicas);
        set("min.insync.replicas", inSync);
        set("offsets.topic.replication.factor", replicas);
        set("transaction.state.log.replication.factor", replicas);
        set("transaction.state.log.min.isr", inSync);
        set("share.coordinator.state.topic.replication.factor", replicas);
        set("share.coordinator.state.topic.min.isr", inSync);
        // A record waits for a node that lags until that node is no longer counted on.
        set("replica.lag.time.max.ms", 5000);
    }

    private void internalTopics() {
        set("offsets.topic.num.partitions", 4);
        set("transaction.state.log.num.partitions", 2);
        set("share.coordinator.state.topic.num.partitions", 2);
    }

    private void groups() {
        set("group.initial.rebalance.delay.ms", 0);
        set("group.share.delivery.count.limit", 10);
        set("group.share.min.record.lock.duration.ms", 5000);
        set("group.share.max.record.lock.duration.ms", 3_600_000);
    }

    private void sizes() {
        set("message.max.bytes", MAX_BATCH_BYTES);
        set("replica.fetch.max.bytes", MAX_BATCH_BYTES);
        set("socket.request.max.bytes", 4 * MAX_BATCH_BYTES);
        // For a node of few cores: each further network thread is one more hand-over per request.
        set("num.network.threads", 1);
        set("num.io.threads", 4);
    }

    private void set(String name, Object value) {
        properties.setProperty(name, value.toString());
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
