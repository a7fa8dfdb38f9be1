package ai.j1msky.infra.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortTest {

    @Test
    void noPortIsPickedTwice() {
        assertThat(IntStream.range(0, 500).map(ignored -> FreePort.pick()).boxed())
                .doesNotHaveDuplicates()
                .allSatisfy(port -> assertThat(port).isBetween(20_000, 32_767));
    }
}
