package ai.j1msky.common.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThrottlingTest {

    @ParameterizedTest
    @CsvSource({
        "0, ''",
        "0x0, ''",
        "50000, ''",
        "1, under_voltage",
        "50005, 'under_voltage,throttled'",
        "f, 'under_voltage,frequency_capped,throttled,soft_temperature_limit'"
    })
    void itsBitsHaveWordsForWhatHoldsNow(String bits, String words) {
        assertThat(String.join(",", Throttling.words(bits + "\n"))).isEqualTo(words);
    }

    @Test
    void aFileStandsInForASensor(@TempDir Path directory) throws IOException {
        // Given
        Path file = directory.resolve("temperature");
        Host host = new Host(file);

        // Then
        assertThat(host.read().cpuTemp()).isNull();
        Files.writeString(file, "76.54\n");
        assertThat(host.read().cpuTemp()).isEqualTo(76.5);
        Files.writeString(file, "warm");
        assertThat(host.read().cpuTemp()).isNull();
    }
}
