package ai.j1msky.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Usage;
import ai.j1msky.infra.testkit.model.RecordedCall;
import ai.j1msky.worker.model.MeteredUsage;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import ai.j1msky.worker.model.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Wire.class)
class ProviderStopTest {

    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ProviderBench.Progress progress = new ProviderBench.Progress();
    private final ProviderBench bench;

    ProviderStopTest(Wire wire) {
        this.bench = new ProviderBench(wire);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        bench.close();
    }

    private Future<ModelAnswer> running(String prompt, ProviderBench.Progress told) {
        return threads.submit(
                () -> bench.call(prompt, bench.settings(), Duration.ofSeconds(20), told));
    }

    private static @Nullable Kind kindOf(Future<ModelAnswer> running) {
        ExecutionException ended =
                catchThrowableOfType(
                        ExecutionException.class, () -> running.get(2, TimeUnit.SECONDS));
        assertThat(ended).hasCauseInstanceOf(ModelFailure.class);
        return ended.getCause() instanceof ModelFailure failure ? failure.kind() : null;
    }

    @ParameterizedTest
    @ValueSource(strings = {"before-headers", "after-headers", "mid-stream"})
    void stoppingClosesTheConnectionWhateverTheCallWaitsFor(String when) throws Exception {
        // Given
        Future<ModelAnswer> running = running("x [[model: hang=" + when + "]]", progress);
        Awaitility.await().until(() -> hangs(when));

        // When
        progress.stop();

        // Then
        assertThat(kindOf(running)).isEqualTo(Kind.STOPPED);
        Awaitility.await().atMost(TWO_SECONDS).until(() -> bench.lastCall().closedByClient());
    }

    private boolean hangs(String when) {
        return switch (when) {
            case "before-headers" -> !bench.server.calls().isEmpty();
            case "after-headers" ->
                    !bench.server.calls().isEmpty() && bench.lastCall().firstByteAt() != null;
            default -> hasToldOutput();
        };
    }

    private boolean hasToldOutput() {
        return !progress.told.isEmpty() && lastTold().outputTokens() > 0;
    }

    private Usage lastTold() {
        return progress.told.getLast().usage();
    }

    @Test
    void aCallThatIsStoppedBeforeItStartsNeverReachesTheProvider() {
        // Given
        progress.stop();

        // When
        ModelFailure failure =
                catchThrowableOfType(
                        ModelFailure.class,
                        () -> bench.call("x", bench.settings(), Duration.ofSeconds(5), progress));

        // Then
        assertThat(failure.kind()).isEqualTo(Kind.STOPPED);
        assertThat(bench.server.calls()).isEmpty();
    }

    @Test
    void aStoppedCallHasToldWhatItCostSoFar() throws Exception {
        // Given
        Future<ModelAnswer> running =
                running("x [[model: tokens=100 chunks=2 hang=mid-stream]]", progress);
        Awaitility.await().until(this::hasToldOutput);

        // When
        progress.stop();

        // Then
        assertThat(kindOf(running)).isEqualTo(Kind.STOPPED);
        assertThat(lastTold().inputTokens()).isPositive();
        assertThat(lastTold().outputTokens()).isEqualTo(Math.ceilDiv(249, 3));
        assertThat(progress.told.getLast().metering()).isEqualTo(Metering.ESTIMATED);
    }

    @Test
    void aCallThatIsStoppedBeforeTheFirstWordHasToldWhatTheProviderRead() throws Exception {
        // Given
        String prompt = "x [[model: hang=after-headers]]";
        Future<ModelAnswer> running = running(prompt, progress);
        Awaitility.await().until(() -> !progress.told.isEmpty());

        // When
        progress.stop();

        // Then
        assertThat(kindOf(running)).isEqualTo(Kind.STOPPED);
        assertThat(progress.told)
                .containsExactly(
                        new MeteredUsage(
                                new Usage(Math.ceilDiv(prompt.length(), 3), 0),
                                Metering.ESTIMATED));
    }

    @Test
    void aCallThatWasRefusedHasToldNothing() {
        // When
        ModelFailure failure =
                catchThrowableOfType(
                        ModelFailure.class,
                        () ->
                                bench.call(
                                        "x [[model: status=500]]",
                                        bench.settings(),
                                        Duration.ofSeconds(5),
                                        progress));

        // Then
        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_UNAVAILABLE);
        assertThat(progress.told).isEmpty();
    }

    @Test
    void anInterruptStopsTheCallToo() throws Exception {
        // Given
        CompletableFuture<Kind> ended = new CompletableFuture<>();
        Thread caller =
                Thread.startVirtualThread(
                        () -> {
                            ModelFailure failure =
                                    catchThrowableOfType(
                                            ModelFailure.class,
                                            () -> bench.call("x [[model: hang=mid-stream]]"));
                            ended.complete(failure.kind());
                        });
        Awaitility.await()
                .until(
                        () ->
                                !bench.server.calls().isEmpty()
                                        && bench.lastCall().firstByteAt() != null);

        // When
        caller.interrupt();

        // Then
        assertThat(ended.get(2, TimeUnit.SECONDS)).isEqualTo(Kind.STOPPED);
        Awaitility.await().atMost(TWO_SECONDS).until(() -> bench.lastCall().closedByClient());
    }

    @Test
    void aStopAtAnyMomentLeavesNoConnectionOpen() throws Exception {
        // Given
        Random random = new Random(25);
        List<Future<ModelAnswer>> calls = new ArrayList<>();

        // When
        for (int call = 0; call < 60; call++) {
            ProviderBench.Progress told = new ProviderBench.Progress();
            calls.add(running("x [[model: delay=20ms chunks=1000 pace=10ms]]", told));
            CountDownLatch never = new CountDownLatch(1);
            assertThat(never.await(random.nextInt(60_000), TimeUnit.MICROSECONDS)).isFalse();
            told.stop();
        }

        // Then
        for (Future<ModelAnswer> call : calls) {
            assertThat(kindOf(call)).isEqualTo(Kind.STOPPED);
        }
        Awaitility.await()
                .atMost(TWO_SECONDS)
                .until(() -> bench.server.calls().stream().allMatch(RecordedCall::closedByClient));
    }
}
