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

    @Test
    void coresAreBusyForAsLongAsTheyAreNotIdle() {
        // Given
        ProcFs.Cores before = ProcFs.coresIn("cpu  100 5 45 800 50 0 0 0 7 0");

        // When
        ProcFs.Cores after = ProcFs.coresIn("cpu  160 5 60 820 55 0 0 0 9 0");

        // Then: 75 of 100 ticks
        assertThat(after.busySince(before)).isEqualTo(0.75);
    }
}
