package ai.j1msky.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import ai.j1msky.gateway.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Whatever bytes a body has, reading it gives fields or a problem, quickly, and never another exception.
class StrictBodyFuzzTest {

    private static final long SEED = 20_261_123L;
    private static final int RUNS = 10_000;
    private static final String[] SEEDS = {
        "{\"model\":\"k2p5\",\"task\":\"x\",\"priority\":\"high\",\"timeout\":300}",
        "{\"task\":\"\\ud83d\\ude00 é \\u0000\",\"timeout\":1e999999999}",
        "{\"name\":\"n\",\"scopes\":[\"admin\",\"agents:read\"],\"flag\":true}",
        "[[[[{\"a\":[null,false,-0.0e-7]}]]]]",
        "\ufeff{} // comment"
    };
    private static final String TOKENS = "{}[]\",:\\/ue+-.0123456789tfn \r\n\t\0";

    @Test
    void anyBytesGiveFieldsOrAProblem() {
        // Given
        Random random = new Random(SEED);
        int[] outcomes = new int[2];

        // When
        assertTimeout(
                Duration.ofSeconds(5),
                () -> {
                    for (int i = 0; i < RUNS; i++) {
                        outcomes[read(input(random, i))]++;
                    }
                });

        // Then
        assertThat(outcomes[0]).as("read").isPositive();
        assertThat(outcomes[1]).as("refused").isGreaterThan(RUNS / 2);
    }

    /// 0 when the body is a spawn request's or a key's, 1 when it is a problem.
    private static int read(byte[] body) {
        try {
            Fields fields = new Fields(StrictJson.parse(body));
            fields.oneOf("model", Set.of("k2p5", "opus"), "k2p5");
            fields.optionalText("task", 1, 100_000);
            fields.oneOf("priority", Set.of("low", "high"), "low");
            fields.whole("timeout", 1, 3_600, 300);
            fields.optionalText("name", 1, 100);
            fields.flag("flag", false);
            if (body.length % 2 == 0) {
                fields.someOf("scopes", Set.of("admin", "agents:read"));
            }
            fields.nothingElse();
            return 0;
        } catch (ProblemException problem) {
            assertThat(problem.problem().status()).isEqualTo(400);
            return 1;
        }
    }

    private static byte[] input(Random random, int run) {
        return switch (run % 4) {
            case 0 -> noise(random);
            case 1 -> tokens(random);
            default -> mutated(random);
        };
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] tokens(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(200); i > 0; i--) {
            text.append(TOKENS.charAt(random.nextInt(TOKENS.length())));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] mutated(Random random) {
        byte[] bytes = SEEDS[random.nextInt(SEEDS.length)].getBytes(StandardCharsets.UTF_8).clone();
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            bytes[at] =
                    random.nextBoolean()
                            ? (byte) random.nextInt(256)
                            : (byte) TOKENS.charAt(random.nextInt(TOKENS.length()));
        }
        int cut = random.nextInt(10) == 0 ? random.nextInt(bytes.length) : bytes.length;
        return java.util.Arrays.copyOf(bytes, cut);
    }
}
