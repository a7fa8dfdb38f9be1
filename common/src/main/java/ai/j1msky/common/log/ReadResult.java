package ai.j1msky.common.log;

/// What became of reading one record.
public sealed interface ReadResult<T extends LogEntry> {

    /// A record of the topic's contract.
    record Entry<T extends LogEntry>(T body) implements ReadResult<T> {}

    /// A record without a value on a compacted topic: the deletion of its key. Elsewhere it is poison.
    record Tombstone<T extends LogEntry>(String key) implements ReadResult<T> {}

    /// A record that nobody can read.
    ///
    /// @param reason why, without any of the record's content
    record Poison<T extends LogEntry>(String reason) implements ReadResult<T> {}
}
