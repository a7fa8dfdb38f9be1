package ai.j1msky.notifier.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final Answer FAILED = new Answer.Refused(500, null);

    private static NextStep after(int attempt, Answer answer) {
        return Schedule.after(attempt, answer, NOW, NOW, new Random(attempt));
    }

    private static Duration pause(int attempt, Answer answer, long seed) {
        NextStep step = Schedule.after(attempt, answer, NOW, NOW, new Random(seed));
        assertThat(step).isInstanceOf(NextStep.RetryAt.class);
        return Duration.between(NOW, ((NextStep.RetryAt) step).when());
    }

    @ParameterizedTest
    @CsvSource({"1, PT5S", "2, PT5M", "3, PT30M", "4, PT2H", "5, PT5H", "6, PT10H", "7, PT10H"})
    void eachAttemptWaitsItsTimeGiveOrTakeATenth(int attempt, Duration wanted) {
        for (long seed = 0; seed < 200; seed++) {
            assertThat(pause(attempt, FAILED, seed))
                    .isBetween(
                            wanted.multipliedBy(9).dividedBy(10),
                            wanted.multipliedBy(11).dividedBy(10));
        }
    }

    @Test
    void theEighthAttemptIsTheLast() {
        assertThat(after(8, FAILED)).isEqualTo(new NextStep.GiveUp("exhausted"));
    }

    @Test
    void whatWasAcceptedIsDone() {
        assertThat(after(1, new Answer.Accepted(204))).isEqualTo(new NextStep.Done());
    }

    @Test
    void whoIsGoneGetsNothingAnyMore() {
        assertThat(after(1, new Answer.Gone())).isInstanceOf(NextStep.Disable.class);
    }

    @Test
    void aRedirectIsAFailure() {
        assertThat(after(1, new Answer.Refused(301, null))).isInstanceOf(NextStep.RetryAt.class);
    }

    @Test
    void aLongerWishIsHonoured() {
        assertThat(pause(1, new Answer.Refused(429, Duration.ofMinutes(2)), 1))
                .isEqualTo(Duration.ofMinutes(2));
        assertThat(pause(2, new Answer.Refused(429, Duration.ofSeconds(1)), 1))
                .as("a shorter one is not")
                .isGreaterThan(Duration.ofMinutes(4));
    }

    @Test
    void anEndpointThatHasFailedForFiveDaysIsDisabled() {
        // Given
        Instant since = NOW.minus(Duration.ofDays(5));

        // When
        NextStep step =
                Schedule.after(3, new Answer.Unreachable("timeout"), since, NOW, new Random(1));
        NextStep before =
                Schedule.after(
                        3,
                        new Answer.Unreachable("timeout"),
                        since.plusSeconds(1),
                        NOW,
                        new Random(1));

        // Then
        assertThat(step).isInstanceOf(NextStep.Disable.class);
        assertThat(before).isInstanceOf(NextStep.RetryAt.class);
    }
}
