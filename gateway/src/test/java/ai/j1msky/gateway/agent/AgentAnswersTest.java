package ai.j1msky.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.gateway.view.AgentView;
import ai.j1msky.gateway.view.AgentViews.Page;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentAnswersTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 10, 500, 50_000, 100_000, 1_000_000, 1_234_567, 10_000_000})
    void aRefundIsReadBackToTheByte(long micros) {
        // Given
        String first = written(Money.micros(micros).dollars());
        String facts = "{\"refund\":" + first + "}";
        AgentView view =
                new AgentView(
                        AgentStatus.CANCELLED, facts, "", null, null, -1, null, List.of(), null);

        // When
        String again = written(CancelEndpoint.refundOf(view));

        // Then
        assertThat(again).isEqualTo(first).doesNotContain("E");
    }

    @Test
    void aPageWithoutRowsHasNoCursorEvenIfThereIsMore() {
        // Given
        Page page = new Page(List.of(), 7, Money.ZERO, true);

        // When
        String json = AgentEndpoints.list(page, List.of());

        // Then
        assertThat(WireJson.MAPPER.readTree(json).path("next_cursor").isNull()).isTrue();
        assertThat(WireJson.MAPPER.readTree(json).path("count").intValue()).isEqualTo(7);
    }

    /// As the answer of a cancel holds it.
    private static String written(java.math.BigDecimal dollars) {
        return WireJson.MAPPER.createObjectNode().put("refund", dollars).path("refund").toString();
    }
}
