package ai.j1msky.common.log;

import java.util.List;

/// One Kafka topic and the only entries that may travel on it.
///
/// @param name as Kafka knows it
/// @param partitions how many at creation
/// @param keep how long records stay
/// @param stampedByBroker whether a record's time is when the broker took it, on one clock; else it is the writer's
/// @param types the entries that may travel here
public record Topic<T extends LogEntry>(
        String name,
        int partitions,
        Keep keep,
        boolean stampedByBroker,
        List<EntryType<? extends T>> types) {

    private static final String DEAD_LETTERS = ".dlq";

    public Topic {
        types = List.copyOf(types);
    }

    /// A topic whose writers stamp their records.
    public Topic(String name, int partitions, Keep keep, List<EntryType<? extends T>> types) {
        this(name, partitions, keep, false, types);
    }

    /// Whether a record without a value deletes its key.
    public boolean isCompacted() {
        return switch (keep) {
            case Keep.Newest(), Keep.NewestOnly(_) -> true;
            case Keep.For(_), Keep.Always() -> false;
        };
    }

    /// Where records of this topic go that nobody can read, with the reason in a header.
    public String deadLetters() {
        return name + DEAD_LETTERS;
    }
}
