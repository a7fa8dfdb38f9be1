package ai.j1msky.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentEvent.AgentCancelled;
import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AgentFailed;
import ai.j1msky.common.agent.AgentEvent.CancelRequested;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ModelConfig;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import ai.j1msky.infra.testkit.model.ModelServer;
import ai.j1msky.infra.testkit.model.RecordedCall;
import ai.j1msky.worker.anthropic.AnthropicProvider;
import ai.j1msky.worker.http.ModelHttp;
import ai.j1msky.worker.model.ApiKey;
import ai.j1msky.worker.model.ModelProvider;
import ai.j1msky.worker.model.ProviderSettings;
import ai.j1msky.worker.model.Wire;
import ai.j1msky.worker.openai.OpenAiProvider;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What agents cost whose provider counts well, badly, hostilely or not at all, on both wires, over a real log.
class MeteringIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    /// Not what the worker's own configuration says.
    private static final Price PRICE = new Price(1_000_000, 10_000_000);

    private static final int CAP = 8_192;
    private static final AtomicInteger MARKERS = new AtomicInteger();

    @TempDir private static Path directory;
    private static ModelServer server;
    private static ModelHttp http;
    private static TestAgency agency;
    private static Map<String, ModelProvider> live;
    private Worker worker;

    @BeforeAll
    static void start() throws Exception {
        server = ModelServer.start();
        http = new ModelHttp();
        agency = new TestAgency(directory);
        live =
                Map.of(
                        "kimi",
                        new OpenAiProvider(
                                settings("kimi", Wire.OPENAI, server.url().resolve("/v1")), http),
                        "anthropic",
                        new AnthropicProvider(
                                settings("anthropic", Wire.ANTHROPIC, server.url()), http));
    }

    /// Of its own for each test: it leaves a provider alone that failed in the one before.
    @BeforeEach
    void startWorker() throws Exception {
        worker = agency.worker(live);
        worker.start();
    }

    @AfterEach
    void stopWorker() throws Exception {
        worker.drain();
    }

    private static ProviderSettings settings(String name, Wire wire, URI url) {
        return ProviderSettings.of(name, wire, url, new ApiKey("sk-test"));
    }

    @AfterAll
    static void stop() throws Exception {
        agency.close();
        http.close();
        server.close();
    }

    /// An agent whose provider was told what to do.
    private record Case(String prompt, String marker, Money hold, TestAgency.Spawned spawned) {
        AgentId id() {
            return spawned.id();
        }
    }

    private static Case spawn(String model, String directives, @Nullable Price price)
            throws Exception {
        String marker = "m" + MARKERS.incrementAndGet();
        String prompt = "a b [[model: %s]] [[agent-marker:%s]]".formatted(directives, marker);
        ModelConfig config = requireNonNull(AgencyConfig.standard(Map.of()).models().get(model));
        Money hold = config.holdFor(prompt, price == null ? config.prices().first() : price);
        TestAgency.Spawned spawned = agency.order(prompt, model, price, hold);
        agency.show(spawned);
        agency.produce(spawned.command());
        return new Case(prompt, marker, hold, spawned);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k2p5", "sonnet"})
    void whateverAProviderCountsItsAnswerIsKeptAndCostsAtMostItsHold(String model)
            throws Exception {
        // Given
        Map<String, Metering> hostile = new LinkedHashMap<>();
        hostile.put("", Metering.REPORTED);
        for (String absurd : List.of("-5", "0", "1.5", "1e18", "NaN", "null", "\"7\"", "{}")) {
            hostile.put("usage=" + absurd, Metering.DOUBTFUL);
        }
        hostile.put("no-usage", Metering.DOUBTFUL);
        hostile.put("input-usage=9223372036854775808", Metering.DOUBTFUL);
        hostile.put("output-usage=8193", Metering.CLAMPED);
        hostile.put("usage=1000000000000000000000000000000", Metering.CLAMPED);
        hostile.put("input-usage=60000 output-usage=8192", Metering.CLAMPED);

        // When
        Map<String, Case> cases = new LinkedHashMap<>();
        for (String directives : hostile.keySet()) {
            cases.put(directives, spawn(model, "tokens=90 " + directives, PRICE));
        }

        // Then
        for (Map.Entry<String, Case> entry : cases.entrySet()) {
            Case agent = entry.getValue();
            AgentCompleted completed = awaitOne(agent.id(), AgentCompleted.class);
            Metering expected = hostile.get(entry.getKey());
            assertThat(completed.metering()).as(entry.getKey()).isEqualTo(expected);
            assertThat(completed.costClamped()).isEqualTo(expected == Metering.CLAMPED);
            assertThat(completed.cost())
                    .as(entry.getKey())
                    .isNotEqualTo(Money.ZERO)
                    .isEqualTo(PRICE.costOf(completed.usage()).atMost(agent.hold()));
            assertThat(completed.usage().outputTokens()).isBetween(90L, (long) CAP);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k2p5", "sonnet"})
    void anOrderFromBeforePricesTravelledCostsTheConfiguredPrice(String model) throws Exception {
        // When
        Case agent = spawn(model, "tokens=90", null);

        // Then
        AgentCompleted completed = awaitOne(agent.id(), AgentCompleted.class);
        Price configured =
                requireNonNull(AgencyConfig.standard(Map.of()).models().get(model))
                        .prices()
                        .first();
        assertThat(completed.cost())
                .isEqualTo(configured.costOf(completed.usage()))
                .isNotEqualTo(PRICE.costOf(completed.usage()));
    }

    @ParameterizedTest
    @CsvSource({"k2p5, false", "sonnet, true"})
    void aCallCancelledInMidStreamCostsWhatItHadUsed(String model, boolean inputIsReported)
            throws Exception {
        // Given
        Case agent = spawn(model, "tokens=400 chunks=200 pace=20ms", PRICE);
        Instant begun = awaitFirstByte(agent);
        await().until(() -> Instant.now().isAfter(begun.plusMillis(600)));

        // When
        agency.append(new CancelRequested(agent.id(), TestAgency.ACCOUNT, Instant.now()));

        // Then
        AgentCancelled cancelled = awaitOne(agent.id(), AgentCancelled.class);
        Usage usage = cancelled.usage();
        long words = agent.prompt().split(" ", -1).length;
        assertThat(usage.inputTokens())
                .isEqualTo(inputIsReported ? words : Math.ceilDiv(agent.prompt().length(), 3));
        assertThat(usage.outputTokens()).isBetween(1L, 2_000L / 3);
        assertThat(cancelled.metering()).isEqualTo(Metering.ESTIMATED);
        assertThat(cancelled.cost()).isEqualTo(PRICE.costOf(usage)).isLessThan(agent.hold());
    }

    @ParameterizedTest
    @CsvSource({"k2p5, before-headers, false", "sonnet, after-headers, true"})
    void aCallCancelledBeforeItsFirstWordCostsWhatItsProviderTook(
            String model, String when, boolean taken) throws Exception {
        // Given
        Case agent = spawn(model, "hang=" + when, PRICE);
        await().atMost(SOON).until(() -> call(agent).isPresent());
        if (taken) {
            Instant begun = awaitFirstByte(agent);
            await().until(() -> Instant.now().isAfter(begun.plusMillis(300)));
        }

        // When
        agency.append(new CancelRequested(agent.id(), TestAgency.ACCOUNT, Instant.now()));

        // Then
        AgentCancelled cancelled = awaitOne(agent.id(), AgentCancelled.class);
        long read = taken ? Math.ceilDiv(agent.prompt().length(), 3) : 0;
        assertThat(cancelled.usage()).isEqualTo(new Usage(read, 0));
        assertThat(cancelled.cost()).isEqualTo(PRICE.costOf(cancelled.usage()));
    }

    @ParameterizedTest
    @CsvSource({
        "k2p5, cut-after=3",
        "sonnet, cut-after=3",
        "k2p5, error-event",
        "sonnet, malformed"
    })
    void aCallThatFailsInMidStreamShowsWhatItUsedAndCostsNothing(String model, String fault)
            throws Exception {
        // When
        Case agent = spawn(model, "tokens=90 " + fault, PRICE);

        // Then
        AgentFailed failed = awaitOne(agent.id(), AgentFailed.class);
        assertThat(failed.error().code()).isEqualTo("provider_stream");
        assertThat(failed.usage().outputTokens()).isPositive();
        assertThat(failed.metering()).isEqualTo(Metering.ESTIMATED);
        assertThat(failed.cost()).isEqualTo(Money.ZERO);
    }

    private static Optional<RecordedCall> call(Case agent) {
        return server.calls().stream()
                .filter(call -> agent.marker().equals(call.marker()))
                .findFirst();
    }

    private static Instant awaitFirstByte(Case agent) {
        await().atMost(SOON).until(() -> call(agent).map(RecordedCall::firstByteAt).isPresent());
        return call(agent).map(RecordedCall::firstByteAt).orElseThrow();
    }

    private static <E extends AgentEvent> E awaitOne(AgentId agent, Class<E> type) {
        await().atMost(SOON).until(() -> !agency.eventsOf(agent, type).isEmpty());
        return agency.eventsOf(agent, type).getFirst();
    }
}
