package ai.j1msky.gateway.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.config.ModelConfig;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.PriceList;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What an agent costs and holds, by the time it is asked for.
class SpawnRequestTest {

    private static final Instant CHANGE = Instant.parse("2026-12-01T00:00:00Z");
    private static final Price OLD = new Price(600_000, 3_000_000);
    private static final Price NEW = new Price(1_200_000, 6_000_000);

    private final SpawnRequest request =
            new SpawnRequest(
                    new ModelConfig(
                            "k2p5",
                            "kimi-coding/k2p5",
                            "kimi",
                            "kimi-k2.5",
                            new PriceList(OLD, List.of(new PriceList.Change(CHANGE, NEW))),
                            8_192,
                            List.of()),
                    "Grüße",
                    Priority.NORMAL,
                    60,
                    null);

    @Test
    void thePriceIsTheOneThatHoldsWhenTheAgentIsAskedFor() {
        assertThat(request.price(true, CHANGE.minusMillis(1))).isEqualTo(OLD);
        assertThat(request.price(true, CHANGE)).isEqualTo(NEW);
    }

    @Test
    void theHoldIsMadeAtTheVeryPriceThatIsCharged() {
        // (7 bytes + 64) and 8192, at each price per million
        assertThat(request.hold(OLD)).isEqualTo(Money.micros(24_619));
        assertThat(request.hold(NEW)).isEqualTo(Money.micros(49_237));
    }

    @Test
    void theSandboxIsFree() {
        assertThat(request.price(false, CHANGE)).isEqualTo(Price.FREE);
        assertThat(request.hold(Price.FREE)).isEqualTo(Money.ZERO);
    }
}
