package ai.j1msky.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import ai.j1msky.worker.model.Wire;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamLimitsTest {

    private static ModelCall call(String prompt) {
        return new ModelCall(
                ProviderBench.MODEL, prompt, ProviderBench.CAP, Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aStreamOverItsLimitOfRawBytesIsBroken(Wire wire) {
        // Given
        StreamLimits small = new StreamLimits(1 << 20, 2 << 20, 10_000);
        try (ProviderBench bench = new ProviderBench(wire);
                ModelHttp http = new ModelHttp(small, Clock.systemUTC())) {

            // When
            ModelFailure failure =
                    catchThrowableOfType(
                            ModelFailure.class,
                            () ->
                                    ProviderBench.provider(bench.settings(), http)
                                            .call(
                                                    call("x [[model: tokens=300 chunks=300]]"),
                                                    new ProviderBench.Progress()));

            // Then
            assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_STREAM);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void readingFiftyMegabytesAllocatesOnlyForWhatIsKept(Wire wire) throws ModelFailure {
        // Given
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (ProviderBench bench = new ProviderBench(wire)) {
            long before = threads.getCurrentThreadAllocatedBytes();

            // When
            ModelAnswer answer = bench.call("x [[model: size=50m]]");

            // Then
            assertThat(answer.text()).hasSize(1 << 20);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(48L << 20);
        }
    }
}
