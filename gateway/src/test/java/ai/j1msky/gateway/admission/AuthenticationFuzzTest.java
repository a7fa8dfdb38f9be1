package ai.j1msky.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.KeyText;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

/// Whatever an `Authorization` header holds, a keyring without keys refuses it, quickly and always in the same way.
class AuthenticationFuzzTest {

    private static final long SEED = 20_261_123L;
    private static final int RUNS = 10_000;
    private static final List<KeyEnvironment> ENVIRONMENTS = List.of(KeyEnvironment.values());

    @Test
    void anyHeaderIsRefusedAlike() {
        // Given
        Random random = new Random(SEED);
        LogClients nowhere = new LogClients("127.0.0.1:1", "fuzz");
        // Never started, so it knows no key and connects to nothing.
        Authentication authentication =
                new Authentication(
                        new Keyring(nowhere, Clock.systemUTC(), new SimpleMeterRegistry()));

        // When
        assertTimeout(
                Duration.ofSeconds(5),
                () -> {
                    for (int i = 0; i < RUNS; i++) {
                        requireRefused(authentication, headers(random));
                    }
                });

        // Then
        requireRefused(authentication, new HttpHeaders());
    }

    private static void requireRefused(Authentication authentication, HttpHeaders headers) {
        try {
            authentication.identify(headers);
        } catch (ProblemException refused) {
            assertThat(refused.problem()).isEqualTo(Problem.KEY_REFUSED);
            assertThat(refused.sentence()).isEqualTo(Problem.KEY_REFUSED.sentence());
            return;
        }
        throw new AssertionError("admitted");
    }

    private static HttpHeaders headers(Random random) {
        HttpHeaders headers = new HttpHeaders();
        for (int i = 1 + (random.nextInt(10) == 0 ? 1 : 0); i > 0; i--) {
            headers.add(HttpHeaders.AUTHORIZATION, value(random));
        }
        return headers;
    }

    private static String value(Random random) {
        String key =
                KeyText.mint(ENVIRONMENTS.get(random.nextInt(ENVIRONMENTS.size())), random)
                        .reveal();
        StringBuilder value =
                new StringBuilder(random.nextInt(5) == 0 ? "" : "Bearer ").append(key);
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(value.length());
            char c = (char) random.nextInt(random.nextBoolean() ? 128 : 65_536);
            switch (random.nextInt(4)) {
                case 0 -> value.setCharAt(at, c);
                case 1 -> value.insert(at, c);
                case 2 -> value.setLength(at + 1);
                default -> value.append(value.substring(at).repeat(random.nextInt(100)));
            }
        }
        return value.toString();
    }
}
