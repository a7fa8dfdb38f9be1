package ai.j1msky.common.node;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.NodeId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.LogEntry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How one worker node stands, written every five seconds.
///
/// @param workerId this life of the worker
/// @param state `up`, `hot` or `draining`
/// @param notTaking why it takes no new work: `draining`, `hot` or `memory`; null while it takes some
/// @param version of the software
/// @param cpuTemp degrees Celsius, or null where there is no sensor
/// @param throttled why its processor is slowed down now, or null where the board does not say
/// @param loadAverage of one minute
/// @param memoryUsage percent of the machine's memory
/// @param uptimeSeconds of the machine
/// @param diskFreeBytes where the working directory is
/// @param slots agents it can run at once
/// @param slotsUsed agents it runs now
/// @param providers the model providers it has credentials for
/// @param providersOpen those of them that it would call now
public record NodeHealth(
        NodeId nodeId,
        WorkerId workerId,
        String state,
        @Nullable String notTaking,
        String version,
        @Nullable Double cpuTemp,
        @Nullable List<String> throttled,
        double loadAverage,
        double memoryUsage,
        long uptimeSeconds,
        long diskFreeBytes,
        int slots,
        int slotsUsed,
        List<String> providers,
        List<String> providersOpen,
        Instant at)
        implements LogEntry {

    public NodeHealth {
        requireNonNull(nodeId, "node_id");
        requireNonNull(workerId, "worker_id");
        requireNonNull(state, "state");
        requireNonNull(version, "version");
        requireNonNull(at, "at");
        throttled = throttled == null ? null : List.copyOf(throttled);
        providers = providers == null ? List.of() : List.copyOf(providers);
        // Records from before this was told.
        providersOpen = providersOpen == null ? providers : List.copyOf(providersOpen);
    }

    @Override
    public String logKey() {
        return nodeId.value();
    }

    @Override
    public String logId() {
        return workerId + "/health/" + at;
    }
}
