package ai.j1msky.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a task holds: an answer within the cap or a [ModelFailure], soon.
class HostileTaskTest {

    private static final int LARGEST_TASK = 256 << 10;
    private static final int CAP = 500;

    private static final List<String> READING_REQUESTS =
            List.of("Summarise: ", "Keywords: ", "Text statistics: ", "Analyse this CSV: ");

    private static final List<String> REQUESTS =
            Stream.concat(
                            READING_REQUESTS.stream(),
                            Stream.of(
                                    "",
                                    "tl;dr ",
                                    "What is ",
                                    "give me a ",
                                    "sandbox:",
                                    "sandbox:tokens ",
                                    "sandbox:fail "))
                    .toList();

    private static final List<String> PIECES =
            List.of(
                    "a",
                    ".",
                    ". ",
                    "A b. ",
                    "[",
                    "![",
                    "](",
                    ")",
                    "> ",
                    ">",
                    "`",
                    "**",
                    "_",
                    "<",
                    "<!--",
                    "-->",
                    "<p ",
                    "|",
                    "-|",
                    "- ",
                    "# ",
                    "\n",
                    "\n\n",
                    "```\n",
                    "\r",
                    "\"",
                    "\",",
                    "1,2\n",
                    ";",
                    "\t",
                    "1. ",
                    "漢字。",
                    "😀",
                    "\ud800",
                    "\udc00",
                    "\u0000",
                    "\u202e",
                    "it's ",
                    "e.g. ",
                    "(",
                    "9^",
                    "9",
                    "1e9",
                    "sqrt(",
                    "-",
                    "%",
                    "!",
                    "&amp;",
                    "\\",
                    "---\n",
                    "The quick brown fox jumps over the lazy dog. ",
                    "${jndi:x}",
                    "{{7*7}}",
                    "Infinity",
                    "NaN",
                    "tl;dr");

    private final SandboxProvider sandbox = new SandboxProvider();

    static Stream<String> pieces() {
        return PIECES.stream();
    }

    @ParameterizedTest
    @MethodSource("pieces")
    @Timeout(60)
    void onePieceRepeatedToTheLargestTaskIsAnsweredSoon(String piece) {
        // Given
        String body =
                piece.repeat(LARGEST_TASK / piece.getBytes(StandardCharsets.UTF_8).length) + "x";

        // When
        List<Optional<ModelAnswer>> answers =
                READING_REQUESTS.stream().map(request -> answer(request + body)).toList();

        // Then
        assertThat(answers).allSatisfy(HostileTaskTest::staysWithinTheCap);
    }

    @Test
    @Timeout(60)
    void anyMixtureOfPiecesIsAnsweredOrRefused() {
        // Given
        SplittableRandom random = new SplittableRandom(20_261_101);

        // When
        List<Optional<ModelAnswer>> answers =
                Stream.generate(() -> garbage(random)).limit(3_000).map(this::answer).toList();

        // Then
        assertThat(answers).allSatisfy(HostileTaskTest::staysWithinTheCap);
    }

    private Optional<ModelAnswer> answer(String task) {
        try {
            return Optional.of(
                    sandbox.call(
                            new ModelCall("sandbox", task, CAP, Duration.ofSeconds(30)),
                            RecordedProgress.running()));
        } catch (ModelFailure refused) {
            assertThat(refused.kind())
                    .isNotIn(ModelFailure.Kind.TIMEOUT, ModelFailure.Kind.STOPPED);
            return Optional.empty();
        }
    }

    private static void staysWithinTheCap(Optional<ModelAnswer> answer) {
        assertThat(answer.stream().mapToLong(given -> given.used().usage().outputTokens()))
                .allSatisfy(tokens -> assertThat(tokens).isBetween(0L, (long) CAP));
    }

    private static String garbage(SplittableRandom random) {
        StringBuilder task = new StringBuilder(REQUESTS.get(random.nextInt(REQUESTS.size())));
        int pieces = random.nextInt(1, 60);
        for (int piece = 0; piece < pieces; piece++) {
            task.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return task.toString();
    }
}
