package ai.j1msky.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvFieldTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain|plain",
                "``|``",
                "a,b|\"a,b\"",
                "a\"b|\"a\"\"b\"",
                "`a\nb`|`\"a\nb\"`",
                "=1+1|'=1+1",
                "+1|'+1",
                "-1|'-1",
                "@SUM(A1)|'@SUM(A1)",
                "=A1,\"x\"|\"'=A1,\"\"x\"\"\"",
                "`\t=1`|`'\t=1`",
                "a=1|a=1"
            })
    void aFieldIsQuotedWhereItMustAndRunsNowhere(String text, String field) {
        assertThat(CsvField.of(text)).isEqualTo(field);
    }
}
