package ai.j1msky.worker.sandbox.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelimitedTextTest {

    @Test
    void everyColumnIsDescribed() {
        // Given
        String csv =
                "city,population,area\nBern,134591,51.62\nThun,43734,21.57\n\"Biel, BE\",55206,\nBern,1,0.5\n";

        // When
        Optional<String> description = DelimitedText.parse(csv).map(Table::description);

        // Then
        assertThat(description)
                .hasValue(
                        """
                        4 rows, 3 columns, the first line taken as header.
                        - city: text, Bern × 2, Biel, BE × 1, Thun × 1
                        - population: numbers, min 1, max 134591, mean 58383, sum 233532
                        - area: numbers, min 0.5, max 51.62, mean 24.563333, sum 73.69, 1 missing""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a;b\n1;2\n3;4",
                "a\tb\n1\t2\n3\t4",
                "a|b\n1|2\n3|4",
                "```csv\na,b\n1,2\n3,4\n```",
                "a,b\r\n1,2\r\n\r\n3,4\r\n",
                "\"a\",\"b\"\n\"1\",2\n3,\"4\"",
                "a, b\n1, 2\n3, 4"
            })
    void delimitersFencesQuotesAndLineEndsAreUnderstood(String text) {
        // When
        Optional<String> description = DelimitedText.parse(text).map(Table::description);

        // Then
        assertThat(description)
                .hasValue(
                        """
                        2 rows, 2 columns, the first line taken as header.
                        - a: numbers, min 1, max 3, mean 2, sum 4
                        - b: numbers, min 2, max 4, mean 3, sum 6""");
    }

    @Test
    void quotedCellsMayHoldQuotesAndLineBreaks() {
        // Given
        String csv = "name,n\n\"say \"\"hi\"\"\nthere\",1\nx,2";

        // When
        Optional<String> description = DelimitedText.parse(csv).map(Table::description);

        // Then
        assertThat(description.orElseThrow()).contains("- name: text, say \"hi\" there × 1, x × 1");
    }

    @Test
    void aTableOfNumbersHasNoHeader() {
        // Given
        String csv = "1,2\n3,4\n5";

        // When
        Optional<String> description = DelimitedText.parse(csv).map(Table::description);

        // Then
        assertThat(description)
                .hasValue(
                        """
                        3 rows, 2 columns, no header, 1 of the rows with another number of cells.
                        - Column 1: numbers, min 1, max 5, mean 3, sum 9
                        - Column 2: numbers, min 2, max 4, mean 3, sum 6, 1 missing""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "one line, of prose",
                "no\ndelimiters\nhere",
                "a,b\n\"open,1\n2,3",
                "single\ncolumn,\n"
            })
    void otherTextIsNoTable(String text) {
        // When
        Optional<Table> table = DelimitedText.parse(text);

        // Then
        assertThat(table).isEmpty();
    }

    @Test
    void moreThanAHundredColumnsAreNoTable() {
        // Given
        String csv = ("1" + ",1".repeat(100) + "\n").repeat(3);

        // When
        Optional<Table> table = DelimitedText.parse(csv);

        // Then
        assertThat(table).isEmpty();
    }
}
