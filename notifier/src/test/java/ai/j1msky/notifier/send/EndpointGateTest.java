package ai.j1msky.notifier.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EndpointGateTest {

    private final EndpointGate gate = new EndpointGate();

    @Test
    void anEndpointHasFourSendsAtOnce() {
        // Given
        List<EndpointGate.Permit> permits =
                IntStream.range(0, 4).mapToObj(_ -> gate.enter("slow").orElseThrow()).toList();

        // When
        Optional<EndpointGate.Permit> fifth = gate.enter("slow");
        permits.getFirst().close(true);

        // Then
        assertThat(fifth).isEmpty();
        assertThat(gate.wait("slow")).isPositive();
        assertThat(gate.enter("slow")).isPresent();
    }

    @Test
    void aHangingOneTakesNothingFromOthers() {
        // Given
        IntStream.range(0, 4).forEach(_ -> assertThat(gate.enter("hangs")).isPresent());

        // Then
        for (int i = 0; i < 200; i++) {
            assertThat(gate.enter("other-" + i)).isPresent();
        }
    }

    @Test
    void oneThatFailsFiveTimesInARowIsLeftAlone() {
        // When
        for (int i = 0; i < 5; i++) {
            gate.enter("broken").orElseThrow().close(false);
        }

        // Then
        assertThat(gate.enter("broken")).isEmpty();
        assertThat(gate.enter("sound")).isPresent();
    }

    @Test
    void oneThatSucceedsNowAndThenIsNot() {
        for (int i = 0; i < 100; i++) {
            gate.enter("flaky").orElseThrow().close(i % 4 == 0);
        }
        assertThat(gate.enter("flaky")).isPresent();
    }

    @Test
    void allTogetherHaveABound() {
        // Given
        List<EndpointGate.Permit> permits = new ArrayList<>();

        // When
        for (int i = 0; i < 1_000; i++) {
            gate.enter("endpoint-" + i).ifPresent(permits::add);
        }

        // Then
        assertThat(permits).hasSize(256);
        permits.forEach(permit -> permit.close(true));
        assertThat(gate.enter("endpoint-999")).isPresent();
    }
}
