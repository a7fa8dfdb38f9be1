package ai.j1msky.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.j1msky.worker.model.ApiKey;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import ai.j1msky.worker.model.ProviderSettings;
import ai.j1msky.worker.model.Wire;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@ParameterizedClass
@EnumSource(Wire.class)
class ProviderFailuresTest {

    private final Wire wire;
    private final ProviderBench bench;

    ProviderFailuresTest(Wire wire) {
        this.wire = wire;
        this.bench = new ProviderBench(wire);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private ModelFailure failureOf(String prompt) {
        return catchThrowableOfType(ModelFailure.class, () -> bench.call(prompt));
    }

    private ModelFailure failureOf(String prompt, Duration idle, Duration timeout) {
        ProviderSettings settings = bench.settings().withIdleTimeout(idle);
        return catchThrowableOfType(
                ModelFailure.class,
                () -> bench.call(prompt, settings, timeout, new ProviderBench.Progress()));
    }

    @ParameterizedTest
    @CsvSource({
        "429, PROVIDER_RATE_LIMITED", "401, PROVIDER_UNAUTHORIZED", "402, PROVIDER_UNAUTHORIZED",
        "403, PROVIDER_UNAUTHORIZED", "400, PROVIDER_REJECTED", "404, PROVIDER_REJECTED",
        "302, PROVIDER_REJECTED", "307, PROVIDER_REJECTED", "408, PROVIDER_UNAVAILABLE",
        "500, PROVIDER_UNAVAILABLE", "503, PROVIDER_UNAVAILABLE", "529, PROVIDER_UNAVAILABLE"
    })
    void everyRefusalHasItsKindAndIsNeitherRepeatedNorFollowed(int status, Kind kind) {
        // When
        ModelFailure failure = failureOf("x [[model: status=" + status + "]]");

        // Then
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryAfter()).isNull();
        assertThat(failure).hasMessageContaining(Integer.toString(status)).hasNoCause();
        assertThat(bench.server.calls()).hasSize(1);
    }

    @Test
    void aModelThatDeclinesIsNoAnswer() {
        // When
        ModelFailure failure = failureOf("x [[model: tokens=40 refusal]]");

        // Then
        assertThat(failure.kind()).isEqualTo(Kind.MODEL_REFUSED);
        assertThat(failure).hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({"429, 2, PT2S", "529, 30, PT30S", "503, 99999999, PT24H"})
    void retryAfterIsCarried(int status, String header, Duration expected) {
        // When
        ModelFailure failure =
                failureOf("x [[model: status=" + status + " retry-after=" + header + "]]");

        // Then
        assertThat(failure.retryAfter()).isEqualTo(expected);
    }

    @Test
    void aProviderThatRecoversAnswersTheNextCall() throws ModelFailure {
        // Given
        String prompt = "hello [[model: status=529 times=2]]";

        // When
        ModelFailure first = failureOf(prompt);
        ModelFailure second = failureOf(prompt);
        ModelAnswer third = bench.call(prompt);

        // Then
        assertThat(first.kind()).isEqualTo(Kind.PROVIDER_UNAVAILABLE);
        assertThat(second.kind()).isEqualTo(Kind.PROVIDER_UNAVAILABLE);
        assertThat(third.text()).isEqualTo("echo: hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cut-after=3",
                "cut-after=0",
                "error-event",
                "malformed",
                "bad-utf8",
                "content-length-lie",
                "gzip-bomb",
                "one-line=8m"
            })
    void aStreamThatBreaksInAnyWayIsNoAnswer(String directive) {
        // When
        ModelFailure failure = failureOf("x [[model: tokens=40 " + directive + "]]");

        // Then
        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_STREAM);
        assertThat(failure).hasNoCause();
    }

    @Test
    void aStreamWithoutItsLastEventIsCompleteOnlyWhereTheWireHasSaidSo() {
        // When
        Throwable outcome = Assertions.catchThrowable(() -> bench.call("hello [[model: no-end]]"));

        // Then
        switch (wire) {
            case ANTHROPIC ->
                    assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    ModelFailure.class,
                                    failure ->
                                            assertThat(failure.kind())
                                                    .isEqualTo(Kind.PROVIDER_STREAM));
            case OPENAI -> assertThat(outcome).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before-headers", "after-headers", "mid-stream"})
    void aSilentProviderIsLeftAfterTheIdleTimeout(String when) {
        // When
        ModelFailure failure =
                failureOf(
                        "x [[model: hang=" + when + "]]",
                        Duration.ofMillis(300),
                        Duration.ofSeconds(20));

        // Then
        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_IDLE);
        awaitClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"drip=20/s", "hang=before-headers", "hang=mid-stream", "delay=10s"})
    void noCallOutlivesItsTimeout(String directive) {
        // Given
        long start = System.nanoTime();

        // When
        ModelFailure failure =
                failureOf(
                        "x [[model: " + directive + "]]",
                        Duration.ofSeconds(5),
                        Duration.ofMillis(700));

        // Then
        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(650), Duration.ofSeconds(3));
        awaitClosed();
    }

    private void awaitClosed() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(2))
                .until(() -> bench.lastCall().closedByClient());
    }

    @Test
    void aProviderThatIsNotThereIsUnreachable() throws IOException {
        // Given
        int port;
        try (ServerSocket taken = new ServerSocket(0)) {
            port = taken.getLocalPort();
        }
        ProviderSettings nowhere =
                ProviderSettings.of(
                        "nowhere",
                        wire,
                        URI.create("http://127.0.0.1:" + port),
                        new ApiKey(ProviderBench.KEY));

        // When
        ModelFailure failure =
                catchThrowableOfType(
                        ModelFailure.class,
                        () ->
                                bench.call(
                                        "x",
                                        nowhere,
                                        Duration.ofSeconds(5),
                                        new ProviderBench.Progress()));

        // Then
        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status=401",
                "status=400",
                "status=500",
                "cut-after=1",
                "error-event",
                "malformed",
                "bad-utf8",
                "gzip-bomb",
                "hang=before-headers",
                "hang=mid-stream"
            })
    void neitherKeyNorPromptNorAnswerIsThrownOrLogged(String directive) {
        // Given
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        root.setLevel(Level.TRACE);
        root.addAppender(logged);

        // When
        ModelFailure failure =
                failureOf(
                        "hidden-task [[model: tokens=20 " + directive + "]]",
                        Duration.ofMillis(200),
                        Duration.ofSeconds(5));
        root.detachAppender(logged);
        root.setLevel(before);

        // Then
        StringWriter shown = new StringWriter();
        failure.printStackTrace(new PrintWriter(shown));
        logged.list.forEach(event -> shown.append(event.getFormattedMessage()).append('\n'));
        assertThat(shown.toString())
                .doesNotContain(ProviderBench.KEY)
                .doesNotContain("hidden-task")
                .doesNotContain("word word")
                .doesNotContain("scripted");
    }
}
