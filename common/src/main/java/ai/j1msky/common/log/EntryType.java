package ai.j1msky.common.log;

/// One kind of record: its CloudEvents `type` and the record class that holds its payload.
///
/// @param name for example `ai.j1msky.agent.completed.v1`; a breaking change is a new name
/// @param body the record class
public record EntryType<T extends LogEntry>(String name, Class<T> body) {}
