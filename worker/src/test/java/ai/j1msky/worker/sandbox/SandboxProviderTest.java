package ai.j1msky.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Usage;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SandboxProviderTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SandboxProvider sandbox = new SandboxProvider();

    @Test
    void echoAnswersItsTextByteForByte() throws ModelFailure {
        // When
        ModelAnswer answer = answer("sandbox:echo  two spaces,\n\tüñí 😀 ", 100);

        // Then
        assertThat(answer.text()).isEqualTo(" two spaces,\n\tüñí 😀 ");
        assertThat(answer.truncated()).isFalse();
        assertThat(answer.used().metering()).isEqualTo(Metering.REPORTED);
    }

    @Test
    void usageIsToldBeforeAndAfterTheWorkAndCountsFourBytesAsAToken() throws ModelFailure {
        // Given
        RecordedProgress progress = RecordedProgress.running();

        // When
        ModelAnswer answer = sandbox.call(call("sandbox:echo 😀abcde", 100, MINUTE), progress);

        // Then
        assertThat(answer.used().usage()).isEqualTo(new Usage(6, 3));
        assertThat(progress.usages()).containsExactly(new Usage(6, 0), new Usage(6, 3));
    }

    @Test
    void theOutputCapCutsTheAnswerBetweenCharacters() throws ModelFailure {
        // When
        ModelAnswer answer = answer("sandbox:echo abcdef😀ghi", 2);

        // Then
        assertThat(answer.text()).isEqualTo("abcdef");
        assertThat(answer.truncated()).isTrue();
        assertThat(answer.used().usage().outputTokens()).isEqualTo(2);
    }

    @Test
    void tokensAnswersExactlyThatManyTokens() throws ModelFailure {
        // When
        ModelAnswer answer = answer("sandbox:tokens 5000", 8_000);

        // Then
        assertThat(answer.used().usage().outputTokens()).isEqualTo(5_000);
        assertThat(answer.text()).startsWith("Line 1 of a text").hasSize(20_000);
        assertThat(answer.truncated()).isFalse();
    }

    @Test
    void moreTokensThanTheCapAreCutAtTheCap() throws ModelFailure {
        // When
        ModelAnswer answer = answer("sandbox:tokens 5000", 1_000);

        // Then
        assertThat(answer.used().usage().outputTokens()).isEqualTo(1_000);
        assertThat(answer.truncated()).isTrue();
    }

    @Test
    void noAnswerIsLongerThanOneMebibyte() throws ModelFailure {
        // When
        ModelAnswer answer = answer("sandbox:echo " + "é".repeat(600_000), Integer.MAX_VALUE);

        // Then
        assertThat(answer.text().getBytes(StandardCharsets.UTF_8)).hasSize(1 << 20);
        assertThat(answer.truncated()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "sandbox:fail, SANDBOX_FAILED",
        "sandbox:fail provider_unavailable, PROVIDER_UNAVAILABLE",
        "sandbox:fail provider unreachable, PROVIDER_UNREACHABLE",
        "sandbox:fail TIMEOUT, TIMEOUT",
        "sandbox:rate-limit, PROVIDER_RATE_LIMITED",
    })
    void failsAsTheTaskAsks(String task, ModelFailure.Kind kind) {
        // When
        ModelFailure failure = failure(task, MINUTE);

        // Then
        assertThat(failure.kind()).isEqualTo(kind);
    }

    @Test
    void rateLimitSaysHowLongToWait() {
        // When
        ModelFailure failure = failure("sandbox:rate-limit 5s", MINUTE);

        // Then
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sandbox:",
                "sandbox: echo",
                "sandbox:nonsense hunter2",
                "sandbox:echo",
                "sandbox:slow",
                "sandbox:slow hunter2",
                "sandbox:slow 2h",
                "sandbox:slow 3601s",
                "sandbox:slow -1s",
                "sandbox:tokens 0",
                "sandbox:tokens 262145",
                "sandbox:tokens many",
                "sandbox:fail hunter2",
                "sandbox:fail stopped",
                "sandbox:rate-limit soon",
                "sandbox:echoes hunter2"
            })
    void aBadMagicInputFailsAndNamesTheRightFormButNeverTheTask(String task) {
        // When
        ModelFailure failure = failure(task, MINUTE);

        // Then
        assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.SANDBOX_FAILED);
        assertThat(failure).hasMessageContaining("the right form is sandbox:");
        assertThat(failure.getMessage()).doesNotContain("hunter2");
    }

    @Test
    void slowAnswersAfterItsTime() throws ModelFailure {
        // Given
        long started = System.nanoTime();

        // When
        ModelAnswer answer = answer("sandbox:slow 50ms", 100);

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isGreaterThanOrEqualTo(Duration.ofMillis(50));
        assertThat(answer.text()).isEqualTo("The sandbox answered after 50 ms, as asked.");
    }

    @Test
    void slowIsStoppedAtOnce() {
        // Given
        RecordedProgress progress = RecordedProgress.running();
        CompletableFuture<ModelFailure> failure = new CompletableFuture<>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        sandbox.call(call("sandbox:slow 1m", 100, Duration.ofHours(1)), progress);
                    } catch (ModelFailure stopped) {
                        failure.complete(stopped);
                    }
                });

        // When
        progress.stop();

        // Then
        assertThat(failure.orTimeout(5, TimeUnit.SECONDS).join().kind())
                .isEqualTo(ModelFailure.Kind.STOPPED);
    }

    @Test
    void slowEndsAtTheTimeoutOfTheCall() {
        // When
        ModelFailure failure = failure("sandbox:slow 1m", Duration.ofMillis(30));

        // Then
        assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sandbox:echo hello", "1+1", "sandbox:slow 1m"})
    void aCallThatWasStoppedBeforeItBeganDoesNothing(String task) {
        // When
        ModelFailure failure =
                catchThrowableOfType(
                        ModelFailure.class,
                        () ->
                                sandbox.call(
                                        call(task, 100, MINUTE), RecordedProgress.stoppedBefore()));

        // Then
        assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.STOPPED);
    }

    @Test
    void anInterruptStopsTheCallAndStaysVisible() {
        // Given
        Thread.currentThread().interrupt();

        // When
        ModelFailure failure = failure("sandbox:slow 1m", MINUTE);

        // Then
        assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.STOPPED);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatItCannotDoIsAnsweredWithWhatToConfigure() throws ModelFailure {
        // When
        ModelAnswer answer = answer("Write a poem about the sea", 1_000);

        // Then
        assertThat(answer.text())
                .startsWith("The sandbox cannot write this; configure a provider.")
                .contains(
                        "ANTHROPIC_API_KEY",
                        "MOONSHOT_API_KEY",
                        "OPENAI_API_KEY",
                        "MINIMAX_API_KEY",
                        "live_sk_");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "What is 6*7?",
                "tl;dr",
                "Keywords: the cat sat on the cat",
                "Write an essay"
            })
    void theSameTaskAlwaysGetsTheSameAnswer(String task) throws ModelFailure {
        // Given
        ModelAnswer first = answer(task, 1_000);

        // When
        ModelAnswer second =
                new SandboxProvider().call(call(task, 1_000, MINUTE), RecordedProgress.running());

        // Then
        assertThat(second).isEqualTo(first);
    }

    private ModelAnswer answer(String task, int maxOutputTokens) throws ModelFailure {
        return sandbox.call(call(task, maxOutputTokens, MINUTE), RecordedProgress.running());
    }

    private ModelFailure failure(String task, Duration timeout) {
        return catchThrowableOfType(
                ModelFailure.class,
                () -> sandbox.call(call(task, 1_000, timeout), RecordedProgress.running()));
    }

    private static ModelCall call(String task, int maxOutputTokens, Duration timeout) {
        return new ModelCall("sandbox", task, maxOutputTokens, timeout);
    }
}
