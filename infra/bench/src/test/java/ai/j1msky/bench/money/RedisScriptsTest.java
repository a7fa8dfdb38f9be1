package ai.j1msky.bench.money;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.bench.money.RedisScripts.Ran;
import org.junit.jupiter.api.Test;

class RedisScriptsTest {

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

        // When
        Ran ran = RedisScripts.read(statistics);

        // Then
        assertThat(ran).isEqualTo(new Ran(102, 5030));
        assertThat(ran.since(new Ran(100, 5000))).isEqualTo(new Ran(2, 30));
    }
}
