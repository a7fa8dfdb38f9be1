package ai.j1msky.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.worker.sandbox.SandboxProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// At what price an order is charged, on a worker whose own file knows two.
class ProviderTableTest {

    private static final Instant BEFORE = Instant.parse("2026-11-30T23:59:59Z");
    private static final Instant AFTER = Instant.parse("2026-12-01T00:00:00Z");

    @TempDir private Path directory;
    private ProviderTable table;

    @BeforeEach
    void configure() throws IOException {
        Path file = directory.resolve("config.json");
        Files.writeString(
                file,
                """
                {"models": {"k2p5": {"input_per_mtok": 1, "output_per_mtok": 2, "prices": [
                  {"from": "2026-12-01", "input_per_mtok": 3, "output_per_mtok": 4}]}}}
                """);
        SandboxProvider provider = new SandboxProvider();
        table =
                new ProviderTable(
                        AgencyConfig.load(file, Map.of()), Map.of("kimi", provider), provider);
    }

    @Test
    void anOrderIsChargedAtTheVeryPriceThatItCarries() {
        // Given
        Price price = new Price(600_000, 3_000_000);

        // When
        Price charged = priceOf(order(true, price, AFTER));

        // Then
        assertThat(charged).isEqualTo(price);
    }

    @Test
    void anOrderThatCarriesNoPriceIsChargedAtTheConfiguredOneOfItsTime() {
        // When
        Price charged = priceOf(order(true, null, BEFORE));
        Price chargedLater = priceOf(order(true, null, AFTER));

        // Then
        assertThat(charged).isEqualTo(new Price(1_000_000, 2_000_000));
        assertThat(chargedLater).isEqualTo(new Price(3_000_000, 4_000_000));
    }

    @Test
    void anOrderOfATestKeyIsFreeWhateverItCarries() {
        assertThat(priceOf(order(false, new Price(1, 1), AFTER))).isEqualTo(Price.FREE);
        assertThat(priceOf(order(false, null, AFTER))).isEqualTo(Price.FREE);
    }

    private @Nullable Price priceOf(AgentOrder order) {
        return table.choose(order, 10, Set.of()).orElse(null) instanceof Choice.Ready ready
                ? ready.price()
                : null;
    }

    private static AgentOrder order(boolean livemode, @Nullable Price price, Instant created) {
        return new AgentOrder(
                new AgentId("subagent_1234567890_482915730164"),
                AccountId.MAIN,
                new KeyId("key_a"),
                livemode,
                "k2p5",
                Priority.NORMAL,
                60,
                Money.micros(1_000),
                price,
                created,
                null);
    }
}
