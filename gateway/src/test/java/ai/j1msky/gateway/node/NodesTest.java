package ai.j1msky.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodesTest {

    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final long NOW = 1_000;

    @Test
    void aReportThatComesWhileWeListenIsNewWhateverItsClockSays() {
        assertThat(Nodes.seenAt(NOON.minus(Duration.ofHours(1)), true, NOW, NOON)).isEqualTo(NOW);
        assertThat(Nodes.seenAt(NOON.plus(Duration.ofHours(1)), true, NOW, NOON)).isEqualTo(NOW);
    }

    @Test
    void oneFromBeforeIsAsOldAsItSays() {
        assertThat(Nodes.seenAt(NOON.minusSeconds(7), false, NOW, NOON))
                .isEqualTo(NOW - Duration.ofSeconds(7).toNanos());
        assertThat(Nodes.seenAt(NOON.plusSeconds(7), false, NOW, NOON)).isEqualTo(NOW);
        assertThat(Nodes.seenAt(Instant.EPOCH, false, NOW, NOON))
                .isEqualTo(NOW - Duration.ofDays(365).toNanos());
    }

    @ParameterizedTest
    @CsvSource({"0, 0h 0m", "59, 0h 0m", "87300, 24h 15m", "3599999, 999h 59m"})
    void uptimeIsInHoursAndMinutes(long seconds, String shown) {
        assertThat(NodeJson.uptime(Duration.ofSeconds(seconds))).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"0, 0M", "1048575, 0M", "1073741823, 1023M", "1073741824, 1G", "48318382080, 45G"})
    void freeSpaceIsRoundedDown(long bytes, String shown) {
        assertThat(NodeJson.size(bytes)).isEqualTo(shown);
    }
}
