package ai.j1msky.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.Deferral;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import ai.j1msky.worker.model.CallProgress;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import ai.j1msky.worker.model.ModelProvider;
import ai.j1msky.worker.sandbox.SandboxProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who runs an agent when not everybody may be called.
class FallbackTest {

    private static final int TASK = 100;
    private static final Price CHEAP = new Price(1_000_000, 2_000_000);
    private static final Price DEAR = new Price(10_000_000, 20_000_000);
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    @TempDir private Path directory;
    private ProviderTable table;

    private record Named(String name) implements ModelProvider {
        @Override
        public ModelAnswer call(ModelCall call, CallProgress progress) {
            throw new IllegalStateException("nobody calls here");
        }
    }

    @BeforeEach
    void configure() throws IOException {
        Path file = directory.resolve("config.json");
        Files.writeString(
                file,
                """
                {"providers": {
                  "one": {"wire": "openai", "base_url": "http://127.0.0.1:9", "concurrent": 3},
                  "two": {"wire": "openai", "base_url": "http://127.0.0.1:9", "hourly": 9},
                  "three": {"wire": "openai", "base_url": "http://127.0.0.1:9"},
                  "keyless": {"wire": "openai", "base_url": "http://127.0.0.1:9"}},
                 "models": {
                  "cheap": {"provider": "one", "model": "c", "input_per_mtok": 1, "output_per_mtok": 2,
                    "max_output_tokens": 4000, "fallback": ["absent", "same", "dear", "dearest"]},
                  "absent": {"provider": "keyless", "model": "a", "input_per_mtok": 0, "output_per_mtok": 0},
                  "same": {"provider": "one", "model": "s", "input_per_mtok": 0, "output_per_mtok": 0},
                  "dear": {"provider": "two", "model": "d", "input_per_mtok": 2, "output_per_mtok": 4},
                  "dearest": {"provider": "three", "model": "e", "input_per_mtok": 10, "output_per_mtok": 20}}}
                """);
        table =
                new ProviderTable(
                        AgencyConfig.load(file, Map.of()),
                        Map.of(
                                "one", new Named("one"),
                                "two", new Named("two"),
                                "three", new Named("three")),
                        new SandboxProvider());
    }

    private Choice.@Nullable Ready ready(AgentOrder order, String... passedOver) {
        return table.choose(order, TASK, Set.of(passedOver)).orElse(null)
                        instanceof Choice.Ready ready
                ? ready
                : null;
    }

    private static AgentOrder order(Price price, Money hold) {
        return new AgentOrder(
                new AgentId("subagent_1234567890_482915730164"),
                AccountId.MAIN,
                new KeyId("key_a"),
                true,
                "cheap",
                Priority.NORMAL,
                60,
                hold,
                price,
                NOON,
                null);
    }

    private static AgentOrder order() {
        return order(CHEAP, CHEAP.costOf(new Usage(TASK + 64, 4_000)));
    }

    @Test
    void theModelThatWasAskedForComesFirstAtTheOrdersPrice() {
        Choice.Ready ready = ready(order());

        assertThat(ready).isNotNull();
        assertThat(ready.alias()).isEqualTo("cheap");
        assertThat(ready.maxOutputTokens()).isEqualTo(4_000);
        assertThat(ready.otherPrice()).isNull();
        assertThat(ready.budget()).isNull();
    }

    @Test
    void aDearerModelGoesAsFarAsTheHoldPays() {
        // When
        Choice.Ready ready = ready(order(), "one");

        // Then
        assertThat(ready).isNotNull();
        assertThat(ready.alias()).isEqualTo("dear");
        assertThat(ready.otherPrice()).isEqualTo(new Price(2_000_000, 4_000_000));
        assertThat(ready.budget()).isNotNull();
        Usage most = new Usage(TASK + 64, ready.maxOutputTokens());
        assertThat(ready.price().costOf(most)).isLessThanOrEqualTo(order().hold());
        Usage more = new Usage(TASK + 64, ready.maxOutputTokens() + 1);
        assertThat(ready.price().costOf(more)).isGreaterThan(order().hold());
    }

    @Test
    void aModelForWhichTheHoldBuysNextToNothingIsPassedOver() {
        assertThat(table.choose(order(), TASK, Set.of("one", "two"))).isEmpty();
        assertThat(ready(order(DEAR, DEAR.costOf(new Usage(TASK + 64, 4_000))), "one", "two"))
                .extracting(Choice.Ready::alias)
                .isEqualTo("dearest");
    }

    @Test
    void whileItsProviderIsDownTheNextRuns() {
        // Given
        for (int i = 0; i < 5; i++) {
            Choice.Ready ready = ready(order());
            assertThat(ready).extracting(Choice.Ready::alias).isEqualTo("cheap");
            ready.pass().failed(new ModelFailure(Kind.PROVIDER_UNAVAILABLE, "no"));
        }

        // Then
        assertThat(ready(order())).extracting(Choice.Ready::alias).isEqualTo("dear");
        assertThat(table.open()).containsExactly("three", "two");
        assertThat(table.names()).containsExactly("one", "three", "two");
    }

    @Test
    void whoIsOnlyBusyIsWaitedFor() {
        // Given
        for (int i = 0; i < 3; i++) {
            assertThat(ready(order())).isNotNull();
        }

        // When
        Optional<Choice> choice = table.choose(order(), TASK, Set.of());

        // Then
        assertThat(choice)
                .contains(new Choice.Blocked(Deferral.Reason.PROVIDER_BUSY, Duration.ofSeconds(1)));
    }

    @Test
    void whenAllAreToBeLeftAloneTheSoonestCounts() {
        // Given
        pause("one", Duration.ofSeconds(40));
        pause("two", Duration.ofSeconds(20));

        // When
        Optional<Choice> choice = table.choose(order(), TASK, Set.of());

        // Then
        assertThat(choice.orElse(null))
                .isInstanceOfSatisfying(
                        Choice.Blocked.class,
                        blocked ->
                                assertThat(blocked.delay())
                                        .isBetween(Duration.ofSeconds(18), Duration.ofSeconds(20)));
    }

    private void pause(String provider, Duration time) {
        String[] others =
                java.util.stream.Stream.of("one", "two", "three")
                        .filter(name -> !name.equals(provider))
                        .toArray(String[]::new);
        Choice.Ready ready = ready(order(), others);
        assertThat(ready).isNotNull();
        ready.pass().failed(new ModelFailure(Kind.PROVIDER_RATE_LIMITED, "no", time, null));
    }
}
