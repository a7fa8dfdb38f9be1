package ai.j1msky.gateway.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import org.junit.jupiter.api.Test;

class DownloadSlotsTest {

    private static final AccountId A = new AccountId("a");
    private static final AccountId B = new AccountId("b");
    private static final AccountId C = new AccountId("c");

    @Test
    void noAccountTakesMoreThanItsOwn() {
        // Given
        DownloadSlots slots = new DownloadSlots(3, 2);
        slots.take(A);
        slots.take(A);

        // Then
        requireFull(slots, A);
        assertThat(slots.take(B)).isEqualTo(B);
        requireFull(slots, C);
    }

    @Test
    void aSlotThatIsGivenBackCanBeTakenAgain() {
        // Given
        DownloadSlots slots = new DownloadSlots(1, 1);
        slots.take(A);
        requireFull(slots, B);

        // When
        slots.giveBack(A);

        // Then
        assertThat(slots.take(B)).isEqualTo(B);
    }

    private static void requireFull(DownloadSlots slots, AccountId account) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> slots.take(account))
                .satisfies(
                        refusal -> {
                            assertThat(refusal.problem()).isEqualTo(Problem.DOWNLOADS_FULL);
                            assertThat(refusal.retryAfterSeconds()).isPositive();
                        });
    }
}
