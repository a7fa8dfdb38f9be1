package ai.j1msky.common.log;

import java.time.Duration;

/// How long a topic keeps its records.
public sealed interface Keep {

    /// Deleted when older than `age`.
    record For(Duration age) implements Keep {}

    /// Never deleted.
    record Always() implements Keep {}

    /// The newest record of each key stays for ever; a tombstone deletes the key. What is not the newest any more leaves the
    /// disk when the broker gets to it.
    record Newest() implements Keep {}

    /// The same, and what is not the newest any more leaves the disk within about that time: the broker looks from then on,
    /// at what was followed by another record on its partition.
    record NewestOnly(Duration within) implements Keep {}
}
