package ai.j1msky.gateway.problem;

import ai.j1msky.infra.testkit.GeneratedPart;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProblemPageTest {

    @Test
    void thePageOfErrorsListsEveryProblem() {
        // Given
        String rows =
                Arrays.stream(Problem.values())
                        .sorted(Comparator.comparingInt(Problem::status))
                        .map(ProblemPageTest::row)
                        .collect(Collectors.joining());

        // When, Then
        GeneratedPart.verify(
                "errors.md", "problems", "| Status | Problem | Message |\n|---|---|---|\n" + rows);
    }

    private static String row(Problem problem) {
        return "| %d | `%s` | %s |\n".formatted(problem.status(), problem, problem.sentence());
    }
}
