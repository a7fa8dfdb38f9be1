package ai.j1msky.worker.health;

import org.jspecify.annotations.Nullable;

/// One look at the machine.
///
/// @param cpuTemp degrees Celsius, or null where there is no sensor
/// @param loadAverage of one minute; 0 where the system knows none
/// @param memoryUsage percent, one decimal
/// @param diskFreeBytes where the working directory is
record HostReading(
        @Nullable Double cpuTemp,
        double loadAverage,
        double memoryUsage,
        long uptimeSeconds,
        long diskFreeBytes) {}
