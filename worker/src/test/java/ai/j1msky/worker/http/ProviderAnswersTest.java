package ai.j1msky.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Usage;
import ai.j1msky.infra.testkit.model.RecordedCall;
import ai.j1msky.worker.model.MeteredUsage;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.OutputCapField;
import ai.j1msky.worker.model.Wire;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Wire.class)
class ProviderAnswersTest {

    private final Wire wire;
    private final ProviderBench bench;

    ProviderAnswersTest(Wire wire) {
        this.wire = wire;
        this.bench = new ProviderBench(wire);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void theAnswerComesWithTheProvidersOwnTokenCounts() throws ModelFailure {
        // When
        ModelAnswer answer = bench.call("name three rivers [[model: tokens=120 chunks=5]]");

        // Then
        assertThat(answer.text()).isEqualTo("word ".repeat(120).strip());
        assertThat(answer.used()).isEqualTo(MeteredUsage.reported(new Usage(6, 120)));
        assertThat(answer.truncated()).isFalse();
    }

    @Test
    void modelAndOutputCapAndKeyAreReallySent() throws ModelFailure {
        // When
        bench.call("hello [[agent-marker:abc]]");

        // Then
        RecordedCall call = bench.lastCall();
        assertThat(call.wire()).isEqualToIgnoringCase(wire.name());
        assertThat(call.model()).isEqualTo(ProviderBench.MODEL);
        assertThat(call.maxTokens()).isEqualTo(ProviderBench.CAP);
        assertThat(call.capField()).isEqualTo("max_tokens");
        assertThat(call.marker()).isEqualTo("abc");
        assertThat(call.headers())
                .containsKey(wire == Wire.ANTHROPIC ? "x-api-key" : "authorization");
    }

    @Test
    void noUpgradeAndNoCompressionIsAskedForAndTheClientSaysWhoItIs() throws ModelFailure {
        // When
        bench.call("hello");

        // Then
        assertThat(bench.lastCall().headers())
                .doesNotContainKeys("upgrade", "http2-settings", "accept-encoding", "cookie")
                .containsEntry("user-agent", "j1msky");
    }

    @Test
    void textArrivesUnchangedHoweverItIsCutIntoEvents() throws ModelFailure {
        // When
        ModelAnswer answer =
                bench.call("x [[model: chunks=40 json={\"summary\": \"naïve 😀😀 \\\\n 漢字\"}]]");

        // Then
        assertThat(answer.text()).isEqualTo("{\"summary\": \"naïve 😀😀 \\\\n 漢字\"}");
    }

    @Test
    void anAnswerThatStopsAtTheCapIsMarkedAsTruncated() throws ModelFailure {
        // When
        ModelAnswer answer = bench.call("go on [[model: tokens=501]]");

        // Then
        assertThat(answer.truncated()).isTrue();
        assertThat(answer.used().usage().outputTokens()).isEqualTo(ProviderBench.CAP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-usage",
                "usage=-5",
                "usage=0",
                "usage=NaN",
                "usage=1e18",
                "usage=1.5",
                "usage=-9000000000000000000",
                "usage=false",
                "usage=1e400",
                "usage=null",
                "usage=\"7\"",
                "usage={}"
            })
    void tokenCountsThatCannotBeTrueAreReplacedByTheDocumentedEstimate(String directive)
            throws ModelFailure {
        // Given
        String prompt = "twelve bytes [[model: tokens=90 " + directive + "]]";

        // When
        ModelAnswer answer = bench.call(prompt);

        // Then
        assertThat(answer.text()).hasSize(449);
        assertThat(answer.used())
                .isEqualTo(
                        new MeteredUsage(
                                new Usage(Math.ceilDiv(prompt.length(), 3), Math.ceilDiv(449, 3)),
                                Metering.DOUBTFUL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "501",
                "9000000000000000000",
                "9223372036854775808",
                "1000000000000000000000000000000"
            })
    void moreOutputThanTheCapIsTheCapAndSaysSo(String count) throws ModelFailure {
        // When
        ModelAnswer answer = bench.call("a b [[model: tokens=90 output-usage=" + count + "]]");

        // Then
        assertThat(answer.text()).hasSize(449);
        assertThat(answer.used())
                .isEqualTo(new MeteredUsage(new Usage(5, ProviderBench.CAP), Metering.CLAMPED));
    }

    @Test
    void moreInputThanTheCallCouldHaveReadIsReplacedByTheEstimate() throws ModelFailure {
        // Given
        String prompt = "a b [[model: tokens=90 input-usage=9223372036854775808]]";

        // When
        ModelAnswer answer = bench.call(prompt);

        // Then
        assertThat(answer.used())
                .isEqualTo(
                        new MeteredUsage(
                                new Usage(Math.ceilDiv(prompt.length(), 3), 90),
                                Metering.DOUBTFUL));
    }

    @Test
    void anEstimateNeverPassesTheCap() throws ModelFailure {
        // When
        ModelAnswer answer = bench.call("x [[model: tokens=500 no-usage]]");

        // Then
        assertThat(answer.used().usage().outputTokens()).isEqualTo(ProviderBench.CAP);
    }

    @Test
    void usageIsToldWhileTheAnswerFlows() throws ModelFailure {
        // Given
        ProviderBench.Progress progress = new ProviderBench.Progress();

        // When
        bench.call(
                "x [[model: tokens=60 chunks=6]]",
                bench.settings(),
                Duration.ofSeconds(5),
                progress);

        // Then
        List<Long> output =
                progress.told.stream().map(told -> told.usage().outputTokens()).toList();
        assertThat(output).hasSizeGreaterThan(6).contains(17L).last().isEqualTo(60L);
    }

    @Test
    void aCompleteAnswerDoesNotWaitForAConnectionThatStaysOpen() throws ModelFailure {
        // When
        ModelAnswer answer = bench.call("hello [[model: linger]]");

        // Then
        assertThat(answer.text()).isEqualTo("echo: hello");
        assertThat(answer.used().metering()).isEqualTo(Metering.REPORTED);
    }

    @Test
    void moreThanOneMebibyteIsCutAndTheConnectionClosed() throws ModelFailure {
        // When
        ModelAnswer answer = bench.call("x [[model: size=50m]]");

        // Then
        assertThat(answer.text()).hasSize(1 << 20);
        assertThat(answer.truncated()).isTrue();
        assertThat(answer.used().metering()).isEqualTo(Metering.ESTIMATED);
        assertThat(answer.used().usage().outputTokens()).isEqualTo(ProviderBench.CAP);
        Awaitility.await()
                .atMost(Duration.ofSeconds(2))
                .until(() -> bench.lastCall().closedByClient());
    }

    @Test
    void oneEventMayHoldAWholeMebibyte() throws ModelFailure {
        // When
        ModelAnswer answer = bench.call("x [[model: one-line=1m]]");

        // Then
        assertThat(answer.text()).hasSize(1 << 20);
    }

    @Test
    void theCapCanBeSentInTheFieldThatOpenAiWants() throws ModelFailure {
        // When
        bench.call(
                "hello",
                bench.settings().withOutputCapField(OutputCapField.MAX_COMPLETION_TOKENS),
                Duration.ofSeconds(5),
                new ProviderBench.Progress());

        // Then
        assertThat(bench.lastCall().capField())
                .isEqualTo(wire == Wire.OPENAI ? "max_completion_tokens" : "max_tokens");
        assertThat(bench.lastCall().maxTokens()).isEqualTo(ProviderBench.CAP);
    }
}
