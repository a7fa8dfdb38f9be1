package ai.j1msky.common.log;

import java.time.Duration;

/// How long a topic keeps its records.
public sealed interface Keep {

    /// Deleted when older than `age`.
    record For(Duration age) implements Keep {}

    /// Never deleted.
    record Always() implements Keep {}

    /// The newest record of each key stays for ever; a tombstone deletes the key.
    record Newest() implements Keep {}
}
