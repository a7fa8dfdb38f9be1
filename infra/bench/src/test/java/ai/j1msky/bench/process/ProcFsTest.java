package ai.j1msky.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcFsTest {

    @Test
    void onlyTheFlagsOfTheMachineAreTakenFromAnotherJvm() {
        // Given
        List<String> command =
                List.of(
                        "/jdk/bin/java",
                        "-XX:+UseSerialGC",
                        "-Xmx192m",
                        "-XX:AOTCache=gateway.aot",
                        "-Dname=value",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        "a.jar:b.jar",
                        "ai.j1msky.gateway.GatewayMain",
                        "-Xlooks-like-a-flag");

        // When
        List<String> flags = ProcFs.flagsAmong(command);

        // Then
        assertThat(flags)
                .containsExactly(
                        "-XX:+UseSerialGC", "-Xmx192m", "--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void aRunningProcessHasMemoryAndHasUsedTime() {
        // Given
        long self = ProcessHandle.current().pid();

        // Then
        assertThat(ProcFs.pssBytes(self)).isBetween(10_000_000L, 10_000_000_000L);
        assertThat(ProcFs.cpuTicks(self)).isPositive();
    }

    @Test
    void theTimeOfAProcessThatIsGoneIsZero() {
        assertThat(ProcFs.cpuTicks(Long.MAX_VALUE)).isZero();
    }
}
