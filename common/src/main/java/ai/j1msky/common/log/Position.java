package ai.j1msky.common.log;

import java.util.Comparator;

/// Where one record stands on the log.
public record Position(String topic, int partition, long offset) implements Comparable<Position> {

    private static final Comparator<Position> ORDER =
            Comparator.comparing(Position::topic)
                    .thenComparingInt(Position::partition)
                    .thenComparingLong(Position::offset);

    public Position {
        if (topic.isEmpty() || partition < 0 || offset < 0) {
            throw new IllegalArgumentException("not a position on the log");
        }
    }

    /// Reads what [#toString] writes.
    ///
    /// @throws IllegalArgumentException when it is anything else
    public static Position parse(String text) {
        int offsetAt = text.lastIndexOf(':');
        int partitionAt = text.lastIndexOf(':', offsetAt - 1);
        if (partitionAt < 1) {
            throw new IllegalArgumentException("a position is <topic>:<partition>:<offset>");
        }
        return new Position(
                text.substring(0, partitionAt),
                Integer.parseInt(text.substring(partitionAt + 1, offsetAt)),
                Long.parseLong(text.substring(offsetAt + 1)));
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return topic + ":" + partition + ":" + offset;
    }
}
