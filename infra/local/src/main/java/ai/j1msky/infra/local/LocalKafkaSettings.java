package ai.j1msky.infra.local;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// Where a [LocalKafka] keeps its data and listens. A port of 0 means a free one.
///
/// @param dataDirectory created when missing; the log, the metadata and the share state live here
/// @param bindAddress address of the broker's listener; the controller of a node that is alone stays on loopback
/// @param advertisedHost what clients are told to connect to, when it is not the bind address
/// @param proxied a second listener for clients that must go through a proxy, for fault tests
/// @param quorum the nodes that this one is one of, or null when it is alone
public record LocalKafkaSettings(
        Path dataDirectory,
        String bindAddress,
        int port,
        int controllerPort,
        @Nullable String advertisedHost,
        @Nullable Proxied proxied,
        @Nullable Quorum quorum) {

    private static final String LOOPBACK = "127.0.0.1";

    /// A loopback listener on `port` whose clients are told to use the proxy on loopback `proxyPort` instead.
    public record Proxied(int port, int proxyPort) {}

    /// Nodes that are controllers and brokers of one cluster.
    ///
    /// @param node this one's number: its place among the voters, from 1 on
    /// @param voters the controllers of all, `host:port`; the same list on every node
    public record Quorum(int node, List<String> voters) {

        public Quorum {
            if (node < 1 || node > voters.size()) {
                throw new IllegalArgumentException(
                        "node " + node + " of a cluster of " + voters.size());
            }
            voters = List.copyOf(voters);
        }

        /// What nodes with the same voters call their cluster, without having to ask each other.
        String clusterId() {
            byte[] name = String.join(",", voters).getBytes(StandardCharsets.UTF_8);
            UUID id = UUID.nameUUIDFromBytes(name);
            return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits()).toString();
        }
    }

    public LocalKafkaSettings {
        requirePort(port);
        requirePort(controllerPort);
    }

    /// On loopback and free ports.
    public static LocalKafkaSettings in(Path dataDirectory) {
        return new LocalKafkaSettings(dataDirectory, LOOPBACK, 0, 0, null, null, null);
    }

    public LocalKafkaSettings onPort(int chosen) {
        return new LocalKafkaSettings(
                dataDirectory,
                bindAddress,
                chosen,
                controllerPort,
                advertisedHost,
                proxied,
                quorum);
    }

    /// With a second listener for clients behind a proxy.
    public LocalKafkaSettings behind(Proxied chosen) {
        return new LocalKafkaSettings(
                dataDirectory, bindAddress, port, controllerPort, advertisedHost, chosen, quorum);
    }

    LocalKafkaSettings withChosenPorts() {
        return new LocalKafkaSettings(
                dataDirectory,
                bindAddress,
                FreePort.orPick(port),
                FreePort.orPick(controllerPort),
                advertisedHost,
                proxied,
                quorum);
    }

    int nodeId() {
        return quorum == null ? 1 : quorum.node();
    }

    /// The host that clients connect to; a wildcard address is no destination, so loopback stands in for it.
    String clientHost() {
        if (advertisedHost != null) {
            return advertisedHost;
        }
        boolean wildcard = bindAddress.equals("0.0.0.0") || bindAddress.equals("::");
        return wildcard ? LOOPBACK : bindAddress;
    }

    private static void requirePort(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }
}
