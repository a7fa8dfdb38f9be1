package ai.j1msky.worker.health;

import java.io.File;
import org.jspecify.annotations.Nullable;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.nativefree.SystemInfo;
import oshi.software.os.OperatingSystem;

/// Reads the machine's state; needs no native access.
final class Host {

    private final HardwareAbstractionLayer hardware;
    private final OperatingSystem system;

    Host() {
        SystemInfo info = new SystemInfo();
        hardware = info.getHardware();
        system = info.getOperatingSystem();
    }

    HostReading read() {
        double load = hardware.getProcessor().getSystemLoadAverage(1)[0];
        GlobalMemory memory = hardware.getMemory();
        double used = 100.0 * (memory.getTotal() - memory.getAvailable()) / memory.getTotal();
        return new HostReading(
                temperature(hardware.getSensors().getCpuTemperature()),
                Math.max(0, Math.round(load * 100) / 100.0),
                Math.round(used * 10) / 10.0,
                system.getSystemUptime(),
                new File("").getAbsoluteFile().getUsableSpace());
    }

    /// The library says 0 or NaN where there is no sensor.
    static @Nullable Double temperature(double reported) {
        return Double.isNaN(reported) || reported <= 0 ? null : Math.round(reported * 10) / 10.0;
    }
}
