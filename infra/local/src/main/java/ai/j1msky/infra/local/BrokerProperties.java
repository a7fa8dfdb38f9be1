package ai.j1msky.infra.local;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/// The broker's settings for one node: nothing replicated, small indexes, fast failure detection, and the share
/// group limits that the workers rely on.
final class BrokerProperties {

    static final String CONTROLLER_LISTENER = "CONTROLLER";
    static final int NODE_ID = 1;

    /// Records up to 2 MiB, and room for the batch header, the key and the CloudEvents headers.
    private static final int MAX_BATCH_BYTES = 2 * 1024 * 1024 + 64 * 1024;

    private final Properties properties = new Properties();

    private BrokerProperties() {}

    /// @param settings with the ports already chosen
    static Properties of(LocalKafkaSettings settings) {
        BrokerProperties broker = singleNode();
        broker.listeners(settings);
        broker.set("log.dirs", settings.dataDirectory().toAbsolutePath());
        return broker.properties;
    }

    /// What holds for any single node, wherever it listens and keeps its data.
    static BrokerProperties singleNode() {
        BrokerProperties broker = new BrokerProperties();
        broker.storage();
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
        String controller = "127.0.0.1:" + settings.controllerPort();
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
        set("node.id", NODE_ID);
        set("listeners", listeners);
        set("advertised.listeners", advertised);
        set("controller.listener.names", CONTROLLER_LISTENER);
        set("controller.quorum.voters", NODE_ID + "@" + controller);
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

    private void internalTopics() {
        set("default.replication.factor", 1);
        set("min.insync.replicas", 1);
        set("offsets.topic.replication.factor", 1);
        set("offsets.topic.num.partitions", 4);
        set("transaction.state.log.replication.factor", 1);
        set("transaction.state.log.min.isr", 1);
        set("transaction.state.log.num.partitions", 2);
        set("share.coordinator.state.topic.replication.factor", 1);
        set("share.coordinator.state.topic.min.isr", 1);
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
