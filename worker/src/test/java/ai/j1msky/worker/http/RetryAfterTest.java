package ai.j1msky.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | PT0S",
                " 2 | PT2S",
                "99999999999999999999 | PT24H",
                "Sun, 01 Nov 2026 12:01:00 GMT | PT1M",
                "Sun, 01 Nov 2026 11:00:00 GMT | PT0S",
                "Thu, 01 Nov 2029 12:00:00 GMT | PT24H",
                "-1 |",
                "soon |"
            })
    void secondsAndDatesAreReadAndBounded(String header, Duration expected) {
        // When
        Duration wait = RetryAfter.parse(header, NOW);

        // Then
        assertThat(wait).isEqualTo(expected);
    }
}
