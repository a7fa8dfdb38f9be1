package ai.j1msky.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.gateway.reading.TimeSpan;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSpanTest {

    private static final LocalDate TODAY = LocalDate.parse("2026-11-26");

    @ParameterizedTest
    @CsvSource({
        ",, 2026-11-01_2026-11-30",
        "2026-11-10T12:00:00Z,, 2026-11-10_2026-11-30",
        ", 2026-11-10T00:00:00Z, 2026-11-01_2026-11-09",
        ", 2026-11-10T00:00:01Z, 2026-11-01_2026-11-10",
        "2026-01-01T00:00:00Z, 2026-04-01T00:00:00Z, 2026-01-01_2026-03-31",
        ", 2026-02-10T00:00:00Z, 2026-02-01_2026-02-09",
        "2027-02-10T00:00:00Z,, 2027-02-10_2027-02-28",
        "2026-11-10T00:00:00Z, 2026-11-10T00:00:00Z, 2026-11-10_2026-11-10"
    })
    void aFileIsNamedAfterItsFirstAndLastDay(
            @Nullable Instant from, @Nullable Instant to, String name) {
        // When
        FileSpan span = FileSpan.of(new TimeSpan(from, to), TODAY);

        // Then
        assertThat(span.name()).isEqualTo(name);
        assertThat(span.from()).isBeforeOrEqualTo(span.to());
    }
}
