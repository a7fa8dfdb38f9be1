package ai.j1msky.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    @Test
    void theMedianIsTheMiddleWhateverTheOrder() {
        assertThat(Statistics.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2.0);
        assertThat(Statistics.median(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(3.0);
        assertThat(Statistics.median(List.of(7.0))).isEqualTo(7.0);
        assertThatThrownBy(() -> Statistics.median(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTargetIsMetByTheMedianRatioNotByTheBest() {
        // Given
        Row rate = Row.of("GET", 6000, "/s");

        // When
        Row met = rate.atLeastOf(List.of(0.59, 0.61, 0.60), 0.60, "floor 1");
        Row missed = rate.atLeastOf(List.of(0.59, 0.58, 0.95), 0.60, "floor 1");

        // Then
        assertThat(met.met()).isTrue();
        assertThat(missed.met()).isFalse();
        assertThat(missed.ratio()).isEqualTo(0.59);
    }

    @Test
    void whatIsOnlyShownBesideSomethingHasARatioAndIsNotJudged() {
        // When
        Row shown = Row.of("usage", 140, "/s").besides(List.of(0.2, 0.3, 0.1), "(beside GET)");

        // Then
        assertThat(shown.ratio()).isEqualTo(0.2);
        assertThat(shown.target()).isEqualTo("(beside GET)");
        assertThat(shown.met()).isNull();
    }

    @Test
    void whatIsToBeBeatenMustNotPassItsShare() {
        // Given
        Row rival = Row.of("rival", 3000, "/s");

        // When
        Row beaten = rival.atMostOf(List.of(0.40, 0.50, 0.90), 0.50, "GET");
        Row missed = rival.atMostOf(List.of(0.40, 0.51, 0.60), 0.50, "GET");

        // Then
        assertThat(beaten.met()).isTrue();
        assertThat(beaten.target()).isEqualTo("≤ 0.50 of GET");
        assertThat(missed.met()).isFalse();
    }

    @Test
    void theTableAlignsItsColumns() {
        // Given
        List<Row> rows =
                List.of(
                        Row.of("floor", 13700.4, "/s").withQuantiles(4.5, 12.25),
                        Row.of("up until ready", 14.23, " s").judged("≤ 25 s", true),
                        Row.quantiles("start", 1.5, 31).judged("p99 ≤ 20", false));

        // When
        String table = Table.of(rows);

        // Then
        assertThat(table)
                .isEqualTo(
                        """
                        measured           value  p50 ms  p99 ms  ratio  target    met
                        floor           13,700/s    4.50   12.25
                        up until ready    14.2 s                         ≤ 25 s    yes
                        start                       1.50   31.00         p99 ≤ 20  NO""");
    }

    @Test
    void theJsonCarriesTheRatioOfEveryRound() {
        // Given
        Row row = Row.of("GET", 6000, "/s").atLeastOf(List.of(0.5, 0.75), 0.6, "floor 1");

        // When
        String json = new Report(Instant.EPOCH, Map.of("seconds", 5), List.of(row)).json();

        // Then
        assertThat(json)
                .contains("\"at\" : \"1970-01-01T00:00:00Z\"")
                .contains("\"ratio\" : 0.625")
                .contains("\"ratios\" : [ 0.5, 0.75 ]")
                .contains("\"met\" : true");
    }
}
