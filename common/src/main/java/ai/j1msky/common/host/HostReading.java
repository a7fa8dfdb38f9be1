package ai.j1msky.common.host;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One look at the machine.
///
/// @param cpuTemp degrees Celsius, or null where there is no sensor
/// @param throttled why a Raspberry Pi slows its processor down now, see [Throttling]; null where the board does not say
/// @param loadAverage of one minute; 0 where the system knows none
/// @param memoryUsage percent, one decimal
/// @param diskFreeBytes where the working directory is
public record HostReading(
        @Nullable Double cpuTemp,
        @Nullable List<String> throttled,
        double loadAverage,
        double memoryUsage,
        long uptimeSeconds,
        long diskFreeBytes) {

    public HostReading {
        throttled = throttled == null ? null : List.copyOf(throttled);
    }
}
