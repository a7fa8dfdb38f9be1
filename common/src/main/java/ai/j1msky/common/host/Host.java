package ai.j1msky.common.host;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.nativefree.SystemInfo;
import oshi.software.os.OperatingSystem;

/// Reads the machine's state; needs no native access.
public final class Host {

    private final HardwareAbstractionLayer hardware;
    private final OperatingSystem system;
    private final @Nullable Path sensor;

    /// @param sensor a file with the processor's temperature in degrees Celsius, for boards whose sensor the library
    ///     does not know; null for the library's
    public Host(@Nullable Path sensor) {
        SystemInfo info = new SystemInfo();
        this.hardware = info.getHardware();
        this.system = info.getOperatingSystem();
        this.sensor = sensor;
    }

    public HostReading read() {
        double load = hardware.getProcessor().getSystemLoadAverage(1)[0];
        GlobalMemory memory = hardware.getMemory();
        double used = 100.0 * (memory.getTotal() - memory.getAvailable()) / memory.getTotal();
        return new HostReading(
                sensor == null
                        ? temperature(hardware.getSensors().getCpuTemperature())
                        : temperature(sensor),
                Throttling.read(),
                Math.max(0, Math.round(load * 100) / 100.0),
                Math.round(used * 10) / 10.0,
                system.getSystemUptime(),
                new File("").getAbsoluteFile().getUsableSpace());
    }

    private static @Nullable Double temperature(Path file) {
        try {
            return temperature(Double.parseDouble(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException unreadable) {
            return null;
        }
    }

    /// The library says 0 or NaN where there is no sensor.
    static @Nullable Double temperature(double reported) {
        return Double.isNaN(reported) || reported <= 0 ? null : Math.round(reported * 10) / 10.0;
    }
}
