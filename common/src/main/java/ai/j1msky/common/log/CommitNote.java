package ai.j1msky.common.log;

import java.time.Instant;

/// What is written beside a committed offset, so that what was in memory can be made again from there.
///
/// @param first the offset of the first record of the partition that an agent needs which has not ended
/// @param newest the newest time at which the log had taken a record that was read, on any partition
public record CommitNote(long first, Instant newest) {

    public static CommitNote parse(String text) {
        int comma = text.indexOf(',');
        return new CommitNote(
                Long.parseLong(text.substring(0, comma)),
                Instant.ofEpochMilli(Long.parseLong(text.substring(comma + 1))));
    }

    @Override
    public String toString() {
        return first + "," + newest.toEpochMilli();
    }
}
