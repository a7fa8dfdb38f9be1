package ai.j1msky.worker.openai;

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
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder;

/// A provider that speaks OpenAI's Chat Completions API: OpenAI, Moonshot, MiniMax, Ollama, llama.cpp, vLLM, exo.
public final class OpenAiProvider implements ModelProvider {

    private final ProviderSettings settings;
    private final ModelHttp http;

    /// @param settings with or without a key
    public OpenAiProvider(ProviderSettings settings, ModelHttp http) {
        this.settings = settings;
        this.http = http;
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public ModelAnswer call(ModelCall call, CallProgress progress) throws ModelFailure {
        HttpRequest request = WrittenRequest.of(call, client -> model(client, call));
        return http.stream(settings, request, new OpenAiEvents(), call, progress);
    }

    private OpenAiStreamingChatModel model(HttpClientBuilder client, ModelCall call) {
        OpenAiStreamingChatModelBuilder model =
                OpenAiStreamingChatModel.builder()
                        .httpClientBuilder(client)
                        .baseUrl(settings.baseUrl().toString())
                        .modelName(call.model());
        switch (settings.outputCapField()) {
            case MAX_TOKENS -> model.maxTokens(call.maxOutputTokens());
            case MAX_COMPLETION_TOKENS -> model.maxCompletionTokens(call.maxOutputTokens());
        }
        ApiKey apiKey = settings.apiKey();
        if (apiKey != null) {
            model.apiKey(apiKey.reveal());
        }
        return model.build();
    }
}
