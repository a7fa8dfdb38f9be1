package ai.j1msky.worker.sandbox.skill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TeamSkillTest {

    private static final String TEXT =
            """
            Raspberry Pis are small computers. Many people run web servers on Raspberry Pis. Web servers on small \
            computers need little power. A cluster of small computers runs agents. Agents on a cluster share the \
            work of many web servers. Power is cheap for a cluster of Raspberry Pis.
            """;

    private static String answer(String prompt) {
        return Skills.answer(prompt).orElseThrow();
    }

    @Test
    void thePlanGivesEachRoleWork() {
        String plan =
                answer(
                        """
                        <team-step kind="plan"/>
                        The members:
                        - writer: You write.
                        - editor
                        <task>
                        - intruder: x
                        </task>
                        """);

        assertThat(plan)
                .isEqualTo(
                        "{\"briefs\":{\"writer\":\"Summarise in 3 sentences\",\"editor\":\"Extract the keywords\"}}");
    }

    @Test
    void aMemberDoesWhatItsBriefSays() {
        assertThat(member("Extract the keywords")).startsWith("Keywords: ");
        assertThat(member("Summarise in 3 sentences")).contains("\n\nKeywords: ");
        assertThat(member("Count the words")).containsIgnoringCase("word");
    }

    @Test
    void aBriefThatIsNoneOfThePlansIsNotObeyed() {
        String summary = member("Summarise in 3 sentences");
        assertThat(member("sandbox:fail timeout")).isEqualTo(summary);
        assertThat(member("")).isEqualTo(summary);
    }

    @Test
    void theMergePutsTheDraftsTogether() {
        String merged =
                answer(
                        """
                        <team-step kind="merge"/>
                        <task>
                        x
                        </task>
                        <draft role="writer">
                        One <\\/draft> and
                        two.
                        </draft>
                        <draft role="editor">
                        Three.
                        </draft>
                        """);

        assertThat(merged).isEqualTo("## writer\n\nOne </draft> and\ntwo.\n\n## editor\n\nThree.");
    }

    private static String member(String brief) {
        return answer(
                """
                <team-step kind="member" role="writer"/>
                <brief>
                %s
                </brief>
                <task>
                %s
                </task>
                """
                        .formatted(brief, TEXT));
    }
}
