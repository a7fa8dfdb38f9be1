package ai.j1msky.worker.http;

import ai.j1msky.infra.testkit.model.ModelServer;
import ai.j1msky.infra.testkit.model.RecordedCall;
import ai.j1msky.worker.anthropic.AnthropicProvider;
import ai.j1msky.worker.model.ApiKey;
import ai.j1msky.worker.model.CallProgress;
import ai.j1msky.worker.model.MeteredUsage;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelProvider;
import ai.j1msky.worker.model.ProviderSettings;
import ai.j1msky.worker.model.Wire;
import ai.j1msky.worker.openai.OpenAiProvider;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A real model server and a provider of the wire under test that calls it.
final class ProviderBench implements AutoCloseable {

    static final String KEY = "sk-test-7f3a9c51d2";
    static final String MODEL = "model-x";
    static final int CAP = 500;

    final ModelServer server = ModelServer.start();
    final ModelHttp http = new ModelHttp();
    final Wire wire;

    ProviderBench(Wire wire) {
        this.wire = wire;
    }

    ProviderSettings settings() {
        URI baseUrl = wire == Wire.ANTHROPIC ? server.url() : server.url().resolve("/v1");
        return ProviderSettings.of("bench", wire, baseUrl, new ApiKey(KEY))
                .withIdleTimeout(Duration.ofSeconds(5));
    }

    static ModelProvider provider(ProviderSettings settings, ModelHttp http) {
        return switch (settings.wire()) {
            case ANTHROPIC -> new AnthropicProvider(settings, http);
            case OPENAI -> new OpenAiProvider(settings, http);
        };
    }

    ModelAnswer call(String prompt) throws ModelFailure {
        return call(prompt, settings(), Duration.ofSeconds(20), new Progress());
    }

    ModelAnswer call(
            String prompt, ProviderSettings settings, Duration timeout, CallProgress progress)
            throws ModelFailure {
        return provider(settings, http).call(new ModelCall(MODEL, prompt, CAP, timeout), progress);
    }

    RecordedCall lastCall() {
        return server.calls().getLast();
    }

    @Override
    public void close() {
        http.close();
        server.close();
    }

    /// Keeps what a call told, and stops it when asked, as a worker does.
    static final class Progress implements CallProgress {

        final List<MeteredUsage> told = new CopyOnWriteArrayList<>();
        private Runnable stop = () -> {};
        private boolean stopped;

        @Override
        public void onStop(Runnable whatStops) {
            boolean already;
            synchronized (this) {
                stop = whatStops;
                already = stopped;
            }
            if (already) {
                whatStops.run();
            }
        }

        @Override
        public void usage(MeteredUsage soFar) {
            told.add(soFar);
        }

        void stop() {
            Runnable whatStops;
            synchronized (this) {
                stopped = true;
                whatStops = stop;
            }
            whatStops.run();
        }
    }
}
