package ai.j1msky.common.node;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.NodeId;
import ai.j1msky.common.log.LogEntry;
import java.time.Instant;

/// A node is to take no new work. Its record is deleted when it may again.
public record NodeDrain(NodeId nodeId, Instant at) implements LogEntry {

    public NodeDrain {
        requireNonNull(nodeId, "node_id");
        requireNonNull(at, "at");
    }

    @Override
    public String logKey() {
        return nodeId.value();
    }

    @Override
    public String logId() {
        return nodeId + "/drain/" + at;
    }
}
