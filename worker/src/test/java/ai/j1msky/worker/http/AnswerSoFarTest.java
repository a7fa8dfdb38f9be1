package ai.j1msky.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Usage;
import ai.j1msky.worker.model.MeteredUsage;
import ai.j1msky.worker.model.ModelCall;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How the counts of a stream and its text become usage, in any order that a stream may bring them.
class AnswerSoFarTest {

    private static final int CAP = 500;
    private static final String PROMPT = "x".repeat(300);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ProviderBench.Progress progress = new ProviderBench.Progress();
    private final AnswerSoFar answer = answer(progress);

    private static AnswerSoFar answer(ProviderBench.Progress progress) {
        return new AnswerSoFar(
                new ModelCall("m", PROMPT, CAP, Duration.ofSeconds(1)), progress, 1 << 20);
    }

    private static JsonNode count(long count) {
        return JSON.valueToTree(count);
    }

    @Test
    void textThatComesAfterTheLastCountIsEstimatedOnTopOfIt() {
        // Given
        answer.reportInput(count(70));
        answer.append("x".repeat(90));
        answer.reportOutput(count(25));

        // When
        answer.append("x".repeat(31));

        // Then
        assertThat(progress.told.getLast())
                .isEqualTo(new MeteredUsage(new Usage(70, 25 + 11), Metering.ESTIMATED));
        assertThat(answer.toAnswer().used())
                .isEqualTo(new MeteredUsage(new Usage(70, 25 + 11), Metering.DOUBTFUL));
    }

    @Test
    void aCountThatIsRepeatedAsTheTextGrowsIsBelievedToTheEnd() {
        // Given
        answer.reportInput(count(70));
        for (int tokens = 0; tokens <= 40; tokens++) {
            answer.reportOutput(count(tokens));
            answer.append("word ");
        }

        // When
        answer.reportOutput(count(41));

        // Then
        assertThat(answer.toAnswer().used()).isEqualTo(MeteredUsage.reported(new Usage(70, 41)));
    }

    @Test
    void noOutputAtAllMayBeReportedForNoTextOnly() {
        // Given
        answer.reportInput(count(70));

        // When
        answer.reportOutput(count(0));
        MeteredUsage ofNothing = answer.toAnswer().used();
        answer.append("abc");
        answer.reportOutput(count(0));

        // Then
        assertThat(ofNothing).isEqualTo(MeteredUsage.reported(new Usage(70, 0)));
        assertThat(answer.toAnswer().used())
                .isEqualTo(new MeteredUsage(new Usage(70, 1), Metering.DOUBTFUL));
    }

    @Test
    void aGoodCountTakesTheDoubtAwayThatABadOneRaised() {
        // Given
        answer.append("abc");
        answer.reportInput(count(-5));
        answer.reportOutput(count(CAP + 1));

        // When
        answer.reportInput(count(70));
        answer.reportOutput(count(1));

        // Then
        assertThat(answer.toAnswer().used()).isEqualTo(MeteredUsage.reported(new Usage(70, 1)));
    }

    @Test
    void whateverAStreamReportsUsageIsWithinItsBounds() {
        // Given
        List<String> counts =
                List.of(
                        "-1",
                        "0",
                        "1",
                        "499",
                        "500",
                        "501",
                        "65836",
                        "65837",
                        "1.5",
                        "1e18",
                        "1e400",
                        "9223372036854775807",
                        "9223372036854775808",
                        "-9223372036854775809",
                        "null",
                        "\"7\"",
                        "true",
                        "[]",
                        "{}");
        Random random = new Random(16);

        for (int stream = 0; stream < 5_000; stream++) {
            // When
            ProviderBench.Progress told = new ProviderBench.Progress();
            AnswerSoFar hostile = answer(told);
            for (int event = 0; event < 8; event++) {
                JsonNode count = JSON.readTree(counts.get(random.nextInt(counts.size())));
                switch (random.nextInt(3)) {
                    case 0 -> hostile.reportInput(count);
                    case 1 -> hostile.reportOutput(count);
                    default -> hostile.append("x".repeat(random.nextInt(900)));
                }
            }

            // Then
            assertThat(told.told)
                    .allSatisfy(
                            used -> {
                                assertThat(used.usage().inputTokens())
                                        .isBetween(1L, 300 + TokenEstimate.TEMPLATE_TOKENS);
                                assertThat(used.usage().outputTokens()).isBetween(0L, (long) CAP);
                            });
        }
    }
}
