package ai.j1msky.worker;

import ai.j1msky.common.id.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How the launcher starts this worker; what the operator decides is in `config.json`.
///
/// @param node the node's name (`J1MSKY_NODE`)
/// @param config the operator's `config.json`, or null for the defaults (`J1MSKY_CONFIG`)
/// @param masterKeyset the file of the master key (`J1MSKY_MASTER_KEYSET`)
/// @param masterKeysetJson the master key itself (`J1MSKY_MASTER_KEYSET_JSON`), or null
@ConfigurationProperties("j1msky")
public record WorkerSettings(
        @DefaultValue("worker-1") String node,
        @Nullable Path config,
        @Nullable String masterKeyset,
        @Nullable String masterKeysetJson,
        @DefaultValue Worker worker) {

    /// Room for the outcomes of an outage: with more waiting, nothing new is taken.
    static final int OUTBOX_LIMIT = 2_000;

    /// @param slots agents that may run at once (`J1MSKY_WORKER_SLOTS`)
    /// @param drainTime how long running agents may take to finish when the worker stops
    /// @param sensorFile a file with the processor's temperature in degrees Celsius, for boards whose sensor is not found;
    ///     null for the board's own (`J1MSKY_WORKER_SENSOR_FILE`)
    /// @param spoolDir where outcomes wait while the log does not answer (`J1MSKY_WORKER_SPOOL_DIR`)
    public record Worker(
            @DefaultValue("32") int slots,
            @DefaultValue("25s") Duration drainTime,
            @DefaultValue("spool") Path spoolDir,
            @Nullable Path sensorFile) {
        public Worker {
            if (slots < 1 || slots > 10_000) {
                throw new IllegalArgumentException("j1msky.worker.slots must be from 1 to 10000");
            }
        }
    }

    NodeId nodeId() {
        return new NodeId(node);
    }
}
