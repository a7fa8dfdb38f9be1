package ai.j1msky.worker.run;

import ai.j1msky.common.money.Usage;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/// Counts outcomes, times calls, sums tokens. Tags are models and codes, never agents.
public final class RunMetrics {

    private static final String INPUT = "gen_ai.client.inference.usage.input_tokens";
    private static final String OUTPUT = "gen_ai.client.inference.usage.output_tokens";

    private final MeterRegistry registry;

    public RunMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void outcome(String code) {
        registry.counter("j1msky.agent.outcomes", "code", code).increment();
    }

    void call(Run run, Duration took, String code) {
        Timer.builder("j1msky.model.call")
                .tag("provider", run.choice().provider())
                .tag("model", run.choice().alias())
                .tag("code", code)
                .register(registry)
                .record(took);
    }

    void tokens(Run run, Usage usage) {
        summary(INPUT, run).record((double) usage.inputTokens());
        summary(OUTPUT, run).record((double) usage.outputTokens());
    }

    private DistributionSummary summary(String name, Run run) {
        return DistributionSummary.builder(name)
                .baseUnit("token")
                .tag("gen_ai.provider.name", run.choice().provider())
                .tag("gen_ai.request.model", run.choice().alias())
                .register(registry);
    }
}
