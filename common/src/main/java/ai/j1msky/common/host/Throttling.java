package ai.j1msky.common.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the firmware of a Raspberry Pi says about its processor: the bits of `vcgencmd get_throttled` that hold now
/// (https://www.raspberrypi.com/documentation/computers/os.html#get_throttled).
final class Throttling {

    private static final List<Path> FILES =
            List.of(
                    Path.of("/sys/devices/platform/soc/soc:firmware/get_throttled"),
                    Path.of("/sys/devices/platform/axi/soc:firmware/get_throttled"));

    /// By bit, from the lowest.
    private static final List<String> WORDS =
            List.of("under_voltage", "frequency_capped", "throttled", "soft_temperature_limit");

    private Throttling() {}

    /// Null on other boards.
    static @Nullable List<String> read() {
        for (Path file : FILES) {
            try {
                return words(Files.readString(file));
            } catch (IOException | SecurityException | NumberFormatException notThere) {
                // Another board, or another kernel.
            }
        }
        return null;
    }

    /// @param hex as the file has it, for example `50000`; the upper half says what has been since the start
    static List<String> words(String hex) {
        long bits = Long.parseLong(hex.strip().replaceFirst("^0x", ""), 16);
        List<String> words = new ArrayList<>();
        for (int bit = 0; bit < WORDS.size(); bit++) {
            if ((bits & (1L << bit)) != 0) {
                words.add(WORDS.get(bit));
            }
        }
        return words;
    }
}
