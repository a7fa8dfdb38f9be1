package ai.j1msky.common.log;

import java.time.Instant;

/// Anything that may travel on a topic.
///
/// The id is deterministic: the same fact always has the same id, so that whoever reads a record twice can tell.
public interface LogEntry {

    /// The record key: what orders it (one key, one partition) and, on compacted topics, what it replaces.
    String logKey();

    /// The CloudEvents `id`.
    String logId();

    /// When it happened, stamped once by whoever wrote it.
    Instant at();
}
