package ai.j1msky.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentEvent.AgentCancelled;
import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AgentFailed;
import ai.j1msky.common.agent.AgentEvent.AttemptDeferred;
import ai.j1msky.common.agent.AgentEvent.AttemptStarted;
import ai.j1msky.common.agent.AgentEvent.CallFailed;
import ai.j1msky.common.agent.AgentEvent.CancelRequested;
import ai.j1msky.common.agent.Deferral;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ModelConfig;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.infra.testkit.model.ModelServer;
import ai.j1msky.infra.testkit.model.RecordedCall;
import ai.j1msky.worker.anthropic.AnthropicProvider;
import ai.j1msky.worker.http.ModelHttp;
import ai.j1msky.worker.model.ApiKey;
import ai.j1msky.worker.model.ModelProvider;
import ai.j1msky.worker.model.ProviderSettings;
import ai.j1msky.worker.model.Wire;
import ai.j1msky.worker.openai.OpenAiProvider;
import ai.j1msky.worker.provider.CallBudget;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.RedisConnection;

/// Providers that fail in every way, on both wires, over a real log: sonnet runs at one, and falls back to k2p5 at the
/// other.
class FailoverIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final AtomicInteger MARKERS = new AtomicInteger();

    @TempDir private Path directory;
    private ModelServer server;
    private ModelHttp http;
    private TestAgency agency;
    private AgencyConfig config;
    private Worker worker;

    @BeforeEach
    void start() throws Exception {
        server = ModelServer.start();
        http = new ModelHttp();
        agency = new TestAgency(directory);
        forgetCalls();
        configure("{}");
    }

    /// Starts a worker; sonnet's provider takes so many calls as the configuration says.
    private void configure(String text) throws IOException {
        Path file = directory.resolve("config.json");
        Files.writeString(file, text);
        config = AgencyConfig.load(file, Map.of());
        Map<String, ModelProvider> live =
                Map.of(
                        "kimi",
                        new OpenAiProvider(
                                settings("kimi", Wire.OPENAI, server.url().resolve("/v1")), http),
                        "anthropic",
                        new AnthropicProvider(
                                settings("anthropic", Wire.ANTHROPIC, server.url()), http));
        worker = agency.worker(config, live);
        worker.start();
    }

    private static ProviderSettings settings(String name, Wire wire, URI url) {
        return ProviderSettings.of(name, wire, url, new ApiKey("sk-test"))
                .withIdleTimeout(Duration.ofSeconds(2));
    }

    /// Other tests have called providers of these names.
    private void forgetCalls() {
        try (RedisConnection redis = agency.redis.getConnection()) {
            for (String provider : List.of("kimi", "anthropic")) {
                redis.keyCommands()
                        .del(
                                RedisKeys.provider(provider, CallBudget.WINDOW)
                                        .getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        worker.drain();
        agency.close();
        http.close();
        server.close();
    }

    private record Spawned(AgentId id, String marker, Money hold) {}

    private Spawned spawn(String model, String directives) throws Exception {
        String marker = "f" + MARKERS.incrementAndGet();
        String prompt = "a b " + directives + " [[agent-marker:" + marker + "]]";
        ModelConfig asked = requireNonNull(config.models().get(model));
        Money hold = asked.holdFor(prompt, asked.prices().first());
        TestAgency.Spawned spawned = agency.order(prompt, model, asked.prices().first(), hold);
        agency.show(spawned);
        agency.produce(spawned.command());
        return new Spawned(spawned.id(), marker, hold);
    }

    private List<String> wires(Spawned agent) {
        return server.calls().stream()
                .filter(call -> agent.marker().equals(call.marker()))
                .map(RecordedCall::wire)
                .toList();
    }

    private <E extends AgentEvent> E awaitOne(Spawned agent, Class<E> type) {
        await().atMost(SOON).until(() -> !agency.eventsOf(agent.id(), type).isEmpty());
        List<E> events = agency.eventsOf(agent.id(), type);
        assertThat(events).hasSize(1);
        return events.getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "status=529 times=2, provider_unavailable, 3",
        "status=500 times=1, provider_unavailable, 2",
        "status=408 times=1, provider_unavailable, 2",
        "status=429 retry-after=1 times=1, provider_rate_limited, 2",
    })
    void aProviderThatRecoversAnswersInTheEnd(String directives, String code, int calls)
            throws Exception {
        // When
        Spawned agent = spawn("sonnet", "[[anthropic: " + directives + "]]");

        // Then
        AgentCompleted completed = awaitOne(agent, AgentCompleted.class);
        assertThat(wires(agent)).hasSize(calls).containsOnly("anthropic");
        assertThat(agency.eventsOf(agent.id(), CallFailed.class))
                .hasSize(calls - 1)
                .allSatisfy(
                        failed -> {
                            assertThat(failed.code()).isEqualTo(code);
                            assertThat(failed.nextModel()).isEqualTo("sonnet");
                            assertThat(failed.nextPrice()).isNull();
                        });
        assertThat(completed.cost()).isLessThanOrEqualTo(agent.hold());
    }

    @ParameterizedTest
    @CsvSource({
        "status=500, provider_unavailable, 3",
        "status=429, provider_rate_limited, 1",
        "status=429 retry-after=40, provider_rate_limited, 1",
        "status=401, provider_unauthorized, 1",
        "cut-after=1, provider_stream, 2",
        "error-event, provider_stream, 2",
        "hang=before-headers, provider_idle, 1",
        "hang=mid-stream, provider_idle, 1",
        "gzip-bomb, provider_stream, 2",
        "content-length-lie, provider_stream, 2",
    })
    void theNextInTheChainAnswersForAProviderThatDoesNot(String directives, String code, int calls)
            throws Exception {
        // When
        Spawned agent = spawn("sonnet", "[[anthropic: " + directives + "]]");

        // Then
        AgentCompleted completed = awaitOne(agent, AgentCompleted.class);
        List<String> wires = wires(agent);
        assertThat(wires).hasSize(calls + 1);
        assertThat(wires.subList(0, calls)).containsOnly("anthropic");
        assertThat(wires.getLast()).isEqualTo("openai");
        CallFailed last = agency.eventsOf(agent.id(), CallFailed.class).getLast();
        assertThat(last.code()).isEqualTo(code);
        assertThat(last.call()).isEqualTo(calls);
        assertThat(last.nextModel()).isEqualTo("k2p5");
        assertThat(last.nextProvider()).isEqualTo("kimi");
        ModelConfig other = requireNonNull(config.models().get("k2p5"));
        assertThat(last.nextPrice()).isEqualTo(other.prices().first());
        assertThat(completed.cost())
                .as("charged at the price of the model that answered")
                .isEqualTo(other.prices().first().costOf(completed.usage()));
    }

    @ParameterizedTest
    @CsvSource({
        "status=400, provider_rejected",
        "status=302, provider_rejected",
        "tokens=9 refusal, model_refused"
    })
    void whatIsTheRequestsFaultIsFinal(String directives, String code) throws Exception {
        // When
        Spawned agent = spawn("sonnet", "[[model: " + directives + "]]");

        // Then
        assertThat(awaitOne(agent, AgentFailed.class).error().code()).isEqualTo(code);
        assertThat(wires(agent)).containsExactly("anthropic");
    }

    @Test
    void fourCallsAreMadeAtMostAndThenTheLastFailureIsTheAgents() throws Exception {
        // When
        Spawned agent = spawn("sonnet", "[[model: status=500]]");

        // Then
        AgentFailed failed = awaitOne(agent, AgentFailed.class);
        assertThat(failed.error().code()).isEqualTo("provider_unavailable");
        assertThat(failed.cost()).isEqualTo(Money.ZERO);
        assertThat(wires(agent)).containsExactly("anthropic", "anthropic", "anthropic", "openai");
    }

    @Test
    void aDearerModelIsAskedForNoMoreThanTheHoldPays() throws Exception {
        // Given
        worker.drain();
        configure("{\"models\": {\"k2p5\": {\"fallback\": [\"sonnet\"]}}}");

        // When
        Spawned agent = spawn("k2p5", "[[openai: status=401]] [[model: tokens=100000]]");

        // Then
        AgentCompleted completed = awaitOne(agent, AgentCompleted.class);
        RecordedCall dear = server.calls().getLast();
        assertThat(dear.wire()).isEqualTo("anthropic");
        assertThat(dear.maxTokens()).isBetween(1_024, 1_700);
        assertThat(completed.cost()).isLessThanOrEqualTo(agent.hold());
    }

    @Test
    void aCancelBetweenTwoCallsEndsTheAgentWithoutAnother() throws Exception {
        // Given
        Spawned agent = spawn("k2p5", "[[model: status=429 retry-after=20]]");
        await().atMost(SOON).until(() -> wires(agent).size() == 1);

        // When
        agency.append(new CancelRequested(agent.id(), TestAgency.ACCOUNT, Instant.now()));

        // Then
        assertThat(awaitOne(agent, AgentCancelled.class).cost()).isEqualTo(Money.ZERO);
        assertThat(wires(agent)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sonnet", "k2p5"})
    void whenTheHourIsSpentTheNextInTheChainRunsOrTheAgentWaits(String model) throws Exception {
        // Given
        worker.drain();
        configure("{\"providers\": {\"anthropic\": {\"hourly\": 1}, \"kimi\": {\"hourly\": 1}}}");
        awaitOne(spawn(model, ""), AgentCompleted.class);

        // When
        Spawned second = spawn(model, "");
        Spawned third = spawn(model, "");

        // Then
        if (model.equals("sonnet")) {
            await().atMost(SOON)
                    .until(
                            () ->
                                    !agency.eventsOf(second.id(), AgentCompleted.class).isEmpty()
                                            || !agency.eventsOf(third.id(), AgentCompleted.class)
                                                    .isEmpty());
        }
        Spawned waits =
                agency.eventsOf(second.id(), AttemptStarted.class).isEmpty() ? second : third;
        AttemptDeferred deferred = awaitOne(waits, AttemptDeferred.class);
        assertThat(deferred.blockedBy()).isEqualTo(Deferral.Reason.PROVIDER_BUDGET);
        assertThat(deferred.waitMillis()).isBetween(240_000L, 375_000L);
        assertThat(wires(waits)).isEmpty();
        assertThat(server.calls().stream().map(RecordedCall::wire).toList())
                .as("each provider took one call")
                .containsExactlyInAnyOrderElementsOf(
                        model.equals("sonnet")
                                ? List.of("anthropic", "openai")
                                : List.of("openai"));
    }

    @Test
    void aProviderThatIsDownIsLeftAlone() throws Exception {
        // Given: k2p5 has nobody to fall back to
        for (int i = 0; i < 2; i++) {
            awaitOne(spawn("k2p5", "[[model: cut-after=1]]"), AgentFailed.class);
        }
        awaitOne(spawn("k2p5", "[[model: status=500]]"), AgentFailed.class);
        int before = server.calls().size();

        // When
        Spawned agent = spawn("k2p5", "");

        // Then
        assertThat(awaitOne(agent, AttemptDeferred.class).blockedBy())
                .isEqualTo(Deferral.Reason.PROVIDER_DOWN);
        assertThat(server.calls()).hasSize(before);
    }

    @Test
    void aCallBeyondWhatAProviderTakesAtOnceWaits() throws Exception {
        // Given
        worker.drain();
        configure("{\"providers\": {\"kimi\": {\"concurrent\": 2}}}");
        spawn("k2p5", "[[model: delay=3s]]");
        spawn("k2p5", "[[model: delay=3s]]");
        await().atMost(SOON).until(() -> server.calls().size() == 2);

        // When
        Spawned third = spawn("k2p5", "");

        // Then
        assertThat(awaitOne(third, AttemptDeferred.class).blockedBy())
                .isEqualTo(Deferral.Reason.PROVIDER_BUSY);
        assertThat(server.calls()).hasSize(2);
    }
}
