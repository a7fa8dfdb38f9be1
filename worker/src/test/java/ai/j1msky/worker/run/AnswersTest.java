package ai.j1msky.worker.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentResult;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Usage;
import ai.j1msky.worker.model.MeteredUsage;
import ai.j1msky.worker.model.ModelAnswer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTest {

    @Test
    void anAnswerThatIsAnObjectGivesItsSummaryAndIssues() {
        // Given
        ModelAnswer answer =
                answer(
                        """
                        {"summary": "fine", "issues": ["a", {"text": "b"}, {"description": "c"}, 7]}
                        """);

        // When
        AgentResult result = Answers.structure(answer);

        // Then
        assertThat(result.summary()).isEqualTo("fine");
        assertThat(result.issues()).containsExactly("a", "b", "c");
        assertThat(result.text()).isEqualTo(answer.text());
    }

    @Test
    void theOnlyFencedBlockMayHoldTheObject() {
        // Given
        ModelAnswer answer = answer("Here:\n```json\n{\"summary\": \"fine\"}\n```\nBye.");

        // When
        AgentResult result = Answers.structure(answer);

        // Then
        assertThat(result.summary()).isEqualTo("fine");
        assertThat(result.issues()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prose",
                "",
                "[1, 2]",
                "{\"summary\": 3, \"issues\": \"many\"}",
                "{\"summary\": \"cut",
                "```json\n{\"summary\": \"a\"}\n```\n```json\n{\"summary\": \"b\"}\n```",
            })
    void anyOtherAnswerIsTextAlone(String text) {
        // When
        AgentResult result = Answers.structure(answer(text));

        // Then
        assertThat(result).isEqualTo(new AgentResult(text, null, java.util.List.of(), false));
    }

    @Test
    void aDeeplyNestedAnswerIsTextAlone() {
        // Given
        String text = "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000);

        // When
        AgentResult result = Answers.structure(answer(text));

        // Then
        assertThat(result.summary()).isNull();
    }

    @Test
    void aTextOverTheLimitIsCutBetweenCharacters() {
        // Given
        String text = "x" + "\uD83D\uDE00".repeat(Answers.LONGEST_TEXT / 4);

        // When
        AgentResult result = Answers.structure(answer(text));

        // Then
        assertThat(result.truncated()).isTrue();
        assertThat(result.text().getBytes(UTF_8).length).isEqualTo(Answers.LONGEST_TEXT - 3);
        assertThat(result.text()).endsWith("\uD83D\uDE00");
    }

    @Test
    void aTextThatGrowsAsJsonStillFitsARecord() {
        // Given
        String text = "\u0000".repeat(Answers.LONGEST_TEXT);

        // When
        String json = Answers.toJson(answer(text));

        // Then
        assertThat(json.getBytes(UTF_8).length).isLessThanOrEqualTo(Answers.LONGEST_JSON);
        assertThat(WireJson.MAPPER.readValue(json, AgentResult.class).truncated()).isTrue();
    }

    private static ModelAnswer answer(String text) {
        return new ModelAnswer(text, MeteredUsage.reported(new Usage(1, 1)), false);
    }
}
