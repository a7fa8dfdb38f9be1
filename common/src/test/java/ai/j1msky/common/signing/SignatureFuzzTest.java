package ai.j1msky.common.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever the two headers hold, reading them gives a value or nothing, quickly, and never an exception.
class SignatureFuzzTest {

    private static final long SEED = 20_261_125L;
    private static final int RUNS = 50_000;
    private static final String[] SEEDS = {
        "2026-11-25T12:00:00.123456",
        "2026-02-29T23:59:60Z",
        "9999-12-31T24:00:00+18:00",
        "0000-00-00T00:00:00-18:01",
        "a3".repeat(32)
    };
    private static final String TOKENS = "0123456789abcdefABCDEF-+:.TZ \0é٣";

    @Test
    void anyTextIsReadOrNot() {
        // Given
        Random random = new Random(SEED);
        int[] read = new int[2];

        // When
        assertTimeout(
                Duration.ofSeconds(5),
                () -> {
                    for (int i = 0; i < RUNS; i++) {
                        String text = mutated(random);
                        read[0] += SignedTimestamp.parse(text).isPresent() ? 1 : 0;
                        read[1] += RequestSignature.parse(text).isPresent() ? 1 : 0;
                    }
                });

        // Then
        assertThat(read[0]).as("times").isBetween(RUNS / 100, RUNS / 2);
        assertThat(read[1]).as("signatures").isBetween(RUNS / 100, RUNS / 2);
    }

    private static String mutated(Random random) {
        StringBuilder text = new StringBuilder(SEEDS[random.nextInt(SEEDS.length)]);
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(text.length());
            char c = TOKENS.charAt(random.nextInt(TOKENS.length()));
            switch (random.nextInt(6)) {
                case 0 -> text.insert(at, c);
                case 1 -> text.setLength(at + 1);
                default -> text.setCharAt(at, c);
            }
        }
        return text.toString();
    }
}
