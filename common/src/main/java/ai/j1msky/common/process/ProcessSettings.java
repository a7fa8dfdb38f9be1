package ai.j1msky.common.process;

import ai.j1msky.common.id.NodeId;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a process without Spring takes from its environment, under the names that the other services take it.
///
/// @param kafka `host:port[,host:port…]` (`SPRING_KAFKA_BOOTSTRAP_SERVERS`)
/// @param node its name, the same after a restart (`J1MSKY_NODE`)
/// @param config the operator's `config.json`, or null for the defaults (`J1MSKY_CONFIG`)
/// @param managementPort where health and metrics are, on loopback; 0 for any (`MANAGEMENT_SERVER_PORT`)
public record ProcessSettings(
        String kafka, NodeId node, @Nullable Path config, int managementPort) {

    private static final int LAST_PORT = 65_535;

    /// @param name what the node is called when nothing else is said
    /// @throws IllegalArgumentException with a sentence for the operator
    public static ProcessSettings of(String name, Map<String, String> environment) {
        return new ProcessSettings(
                environment.getOrDefault("SPRING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"),
                node(environment.getOrDefault("J1MSKY_NODE", name)),
                path(environment.get("J1MSKY_CONFIG")),
                port(environment.getOrDefault("MANAGEMENT_SERVER_PORT", "0")));
    }

    private static NodeId node(String text) {
        try {
            return new NodeId(text);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("Wrong J1MSKY_NODE: " + wrong.getMessage(), wrong);
        }
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null || text.isEmpty() ? null : Path.of(text);
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= LAST_PORT) {
                return port;
            }
        } catch (NumberFormatException ignored) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "Wrong MANAGEMENT_SERVER_PORT: a port is a number from 0 to " + LAST_PORT);
    }
}
