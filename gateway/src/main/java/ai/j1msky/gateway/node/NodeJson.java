package ai.j1msky.gateway.node;

import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.node.NodeHealth;
import ai.j1msky.gateway.request.Answers;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Machines as clients see them.
final class NodeJson {

    private static final long GIGA = 1L << 30;
    private static final long MEGA = 1L << 20;

    private NodeJson() {}

    static ArrayNode of(List<Nodes.Node> nodes) {
        ArrayNode list = WireJson.MAPPER.createArrayNode();
        nodes.forEach(node -> list.add(of(node)));
        return list;
    }

    private static ObjectNode of(Nodes.Node node) {
        NodeHealth health = node.health();
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        json.put("node_id", health.nodeId().value());
        json.put("state", node.state());
        json.put("not_taking", node.isLost() ? "lost" : health.notTaking());
        machine(
                json,
                health.cpuTemp(),
                health.loadAverage(),
                health.memoryUsage(),
                health.uptimeSeconds(),
                health.diskFreeBytes());
        json.put("slots", health.slots());
        json.put("slots_used", health.slotsUsed());
        json.put("slots_free", Math.max(0, health.slots() - health.slotsUsed()));
        json.put("version", health.version());
        List<String> throttled = health.throttled();
        if (throttled == null) {
            json.putNull("throttled");
        } else {
            ArrayNode words = json.putArray("throttled");
            throttled.forEach(words::add);
        }
        ArrayNode providers = json.putArray("providers");
        health.providers().forEach(providers::add);
        json.put("last_seen", Answers.time(node.lastSeen()));
        return json;
    }

    /// The documented fields of a machine.
    static void machine(
            ObjectNode json,
            @Nullable Double cpuTemp,
            double loadAverage,
            double memoryUsage,
            long uptimeSeconds,
            long diskFreeBytes) {
        json.put("cpu_temp", cpuTemp);
        json.put("load_average", loadAverage);
        json.put("memory_usage", memoryUsage);
        json.put("uptime", uptime(Duration.ofSeconds(uptimeSeconds)));
        json.put("disk_free", size(diskFreeBytes));
    }

    /// For example `24h 15m`.
    static String uptime(Duration time) {
        return time.toHours() + "h " + time.toMinutesPart() + "m";
    }

    /// For example `45G`, rounded down; less than one in `M`.
    static String size(long bytes) {
        return bytes >= GIGA ? bytes / GIGA + "G" : bytes / MEGA + "M";
    }
}
