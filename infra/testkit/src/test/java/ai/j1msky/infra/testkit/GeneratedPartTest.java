package ai.j1msky.infra.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class GeneratedPartTest {

    private static final String PAGE =
            """
            before
            <!-- generated: codes -->
            old
            <!-- end: codes -->
            after
            """;

    @Test
    void onlyThePartBetweenItsMarkersIsReplaced() {
        // When
        String page = GeneratedPart.replaced(PAGE, "codes", "new\n");

        // Then
        assertThat(page).isEqualTo(PAGE.replace("old", "new"));
    }

    @Test
    void aPageWithoutThePartIsAnError() {
        // When, Then
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> GeneratedPart.replaced(PAGE, "problems", "new\n"))
                .withMessageContaining("problems");
    }
}
