package ai.j1msky.worker.anthropic;

import ai.j1msky.worker.http.ModelHttp;
import ai.j1msky.worker.http.WrittenRequest;
import ai.j1msky.worker.model.ApiKey;
import ai.j1msky.worker.model.CallProgress;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelProvider;
import ai.j1msky.worker.model.ProviderSettings;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import java.util.Objects;

/// A provider that speaks Anthropic's Messages API, version 2023-06-01.
public final class AnthropicProvider implements ModelProvider {

    private static final String VERSION = "2023-06-01";

    private final ProviderSettings settings;
    private final ApiKey apiKey;
    private final ModelHttp http;

    /// @param settings with a key
    public AnthropicProvider(ProviderSettings settings, ModelHttp http) {
        this.settings = settings;
        this.apiKey = Objects.requireNonNull(settings.apiKey(), "apiKey");
        this.http = http;
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public ModelAnswer call(ModelCall call, CallProgress progress) throws ModelFailure {
        HttpRequest request = WrittenRequest.of(call, client -> model(client, call));
        return http.stream(settings, request, new AnthropicEvents(), call, progress);
    }

    private AnthropicStreamingChatModel model(HttpClientBuilder client, ModelCall call) {
        return AnthropicStreamingChatModel.builder()
                .httpClientBuilder(client)
                .baseUrl(versionedBaseUrl())
                .apiKey(apiKey.reveal())
                .version(VERSION)
                .modelName(call.model())
                .maxTokens(call.maxOutputTokens())
                .build();
    }

    /// Anthropic's own clients take the base URL without `/v1`, LangChain4j with it; both are accepted.
    private String versionedBaseUrl() {
        String url = settings.baseUrl().toString().replaceAll("/+$", "");
        return url.endsWith("/v1") ? url : url + "/v1";
    }
}
