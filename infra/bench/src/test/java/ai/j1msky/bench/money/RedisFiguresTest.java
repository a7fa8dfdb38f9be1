package ai.j1msky.bench.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RedisFiguresTest {

    @Test
    void scriptsAreCountedWhicheverWayTheyWereCalledAndWhatTheyCallIsNot() {
        // Given
        String statistics =
                """
                # Commandstats
                cmdstat_evalsha:calls=100,usec=5000,usec_per_call=50.00,rejected_calls=0,failed_calls=1
                cmdstat_hgetall:calls=100,usec=900,usec_per_call=9.00,rejected_calls=0,failed_calls=0
                cmdstat_eval:calls=2,usec=30,usec_per_call=15.00,rejected_calls=0,failed_calls=0
                """;

        // Then
        assertThat(RedisFigures.scripts(statistics)).isEqualTo(102);
    }

    @Test
    void timeIsThatOfTheMainThreadAlone() {
        // Given
        String times =
                """
                # CPU
                used_cpu_sys:9.5
                used_cpu_user:9.5
                used_cpu_sys_main_thread:0.25
                used_cpu_user_main_thread:1.000001
                """;

        // Then
        assertThat(RedisFigures.busyMicros(times)).isCloseTo(1_250_001, within(0.5));
    }
}
