package ai.j1msky.common.log;

import java.util.Comparator;

/// Where one record stands on the log.
public record Position(String topic, int partition, long offset) implements Comparable<Position> {

    private static final Comparator<Position> ORDER =
            Comparator.comparing(Position::topic)
                    .thenComparingInt(Position::partition)
                    .thenComparingLong(Position::offset);

    /// Reads what [#toString] writes.
    public static Position parse(String text) {
        int offsetAt = text.lastIndexOf(':');
        int partitionAt = text.lastIndexOf(':', offsetAt - 1);
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
