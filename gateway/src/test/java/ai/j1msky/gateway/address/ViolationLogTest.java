package ai.j1msky.gateway.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ViolationLogTest {

    private final TestClock clock = new TestClock();
    private final ViolationLog log = new ViolationLog(clock);

    private long lines(int violations) {
        return LongStream.range(0, violations).filter(n -> log.take().isPresent()).count();
    }

    @Test
    void aMinuteHasOnlySoManyLinesAndTheNextSaysWhatWasLeftOut() {
        // When
        long first = lines(1_000_000);
        clock.advance(ViolationLog.WINDOW.plusSeconds(1));
        OptionalLong leftOut = log.take();

        // Then
        assertThat(first).isBetween((long) ViolationLog.LINES, 2L * ViolationLog.LINES);
        assertThat(leftOut).hasValue(1_000_000 - first);
        assertThat(log.take()).hasValue(0);
    }
}
