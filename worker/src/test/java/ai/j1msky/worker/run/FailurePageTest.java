package ai.j1msky.worker.run;

import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.infra.testkit.GeneratedPart;
import ai.j1msky.worker.model.ModelFailure.Kind;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FailurePageTest {

    @Test
    void thePageOfErrorsListsEveryCodeOfAFailedAgent() throws IllegalAccessException {
        // Given
        List<FailureReason> reasons = new ArrayList<>(reasonsOfTheLife());
        reasons.add(AttemptRunner.INTERNAL);

        // When
        Stream<String> own = reasons.stream().map(r -> row(r.code(), r.message()));
        Stream<String> ofCalls =
                Arrays.stream(Kind.values())
                        .flatMap(
                                kind ->
                                        meaning(kind).stream()
                                                .map(meaning -> row(kind.code(), meaning)));
        String rows = String.join("", Stream.concat(own, ofCalls).toList());

        // Then
        GeneratedPart.verify(
                "errors.md", "failures", "| `error.code` | Meaning |\n|---|---|\n" + rows);
    }

    private static String row(String code, String meaning) {
        return "| `%s` | %s |\n".formatted(code, meaning);
    }

    private static List<FailureReason> reasonsOfTheLife() throws IllegalAccessException {
        List<FailureReason> reasons = new ArrayList<>();
        for (java.lang.reflect.Field field : FailureReason.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                reasons.add((FailureReason) field.get(null));
            }
        }
        return reasons;
    }

    /// Empty for kinds that are not shown under a code of their own.
    private static Optional<String> meaning(Kind kind) {
        return switch (kind) {
            case PROVIDER_RATE_LIMITED ->
                    Optional.of("The provider allows no more calls now (429). Spawn again later.");
            case PROVIDER_UNAUTHORIZED ->
                    Optional.of("The provider refuses our key or account (401, 402, 403).");
            case PROVIDER_REJECTED ->
                    Optional.of(
                            "The provider refuses the request itself (another 4xx, a redirect).");
            case PROVIDER_UNAVAILABLE ->
                    Optional.of("The provider fails or is overloaded (408, 5xx). Spawn again.");
            case PROVIDER_UNREACHABLE ->
                    Optional.of("No connection, or it broke before the answer began.");
            case PROVIDER_STREAM ->
                    Optional.of(
                            "The answer broke off, broke the wire format, reported an error or went over a limit.");
            case PROVIDER_IDLE -> Optional.of("Nothing came for the provider's `idle_timeout`.");
            case MODEL_REFUSED ->
                    Optional.of("The model declined the task. Change it or use another model.");
            case PROVIDER_NOT_CONFIGURED ->
                    Optional.of("No key for the model's provider; the message names the variable.");
            case SANDBOX_FAILED ->
                    Optional.of("The sandbox was told to fail, or cannot do what was asked.");
            // The agent's own timeout, listed above; and what cancelling looks like from inside.
            case TIMEOUT, STOPPED -> Optional.empty();
        };
    }
}
