package ai.j1msky.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

class BodyRoomTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    private final BodyRoom room = new BodyRoom(10);

    @Test
    void whoFindsNoRoomIsToldToComeAgain() {
        // Given
        Disposable reading = room.hold(6, Mono.never()).subscribe();

        // When
        ProblemException refused =
                assertThrows(ProblemException.class, () -> read(5, Mono.just("x")));

        // Then
        assertThat(refused.problem()).isEqualTo(Problem.BODIES_FULL);
        assertThat(refused.retryAfterSeconds()).isEqualTo(1);
        assertThat(read(4, Mono.just("x"))).isEqualTo("x");
        reading.dispose();
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void roomIsGivenBackWhateverComes(Mono<String> outcome) {
        // Given
        Mono<String> held = room.hold(10, outcome).onErrorReturn("failed");

        // When
        held.block(SOON);

        // Then
        assertThat(read(10, Mono.just("x"))).isEqualTo("x");
    }

    static Stream<Mono<String>> outcomes() {
        return Stream.of(
                Mono.just("x"),
                Mono.empty(),
                Mono.error(new IllegalStateException()),
                Mono.<String>never().timeout(Duration.ofMillis(1)));
    }

    @Test
    void roomIsGivenBackWhenTheReaderLeaves() {
        // Given
        Disposable reading = room.hold(10, Mono.never()).subscribe();

        // When
        reading.dispose();

        // Then
        assertThat(read(10, Mono.just("x"))).isEqualTo("x");
    }

    private String read(int bytes, Mono<String> body) {
        return room.hold(bytes, body).block(SOON);
    }
}
