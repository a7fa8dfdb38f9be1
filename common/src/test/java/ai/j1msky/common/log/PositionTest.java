package ai.j1msky.common.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "j1msky.agent.events:11:9223372036854775807",
                "t:0:0",
                "name:with:colons:1:2"
            })
    void whatIsWrittenIsReadBack(String text) {
        assertThat(Position.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "::",
                "t",
                "t:1",
                ":0:0",
                "t:a:0",
                "t:0:b",
                "t:-1:0",
                "t:0:-1",
                "t:0:",
                "t:0:99999999999999999999"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Position.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void positionsOfOnePartitionAreOrderedByOffset() {
        assertThat(new Position("t", 0, 9)).isLessThan(new Position("t", 0, 10));
    }
}
