package ai.j1msky.worker;

import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ProviderConfig;
import ai.j1msky.worker.anthropic.AnthropicProvider;
import ai.j1msky.worker.http.ModelHttp;
import ai.j1msky.worker.model.ApiKey;
import ai.j1msky.worker.model.ModelProvider;
import ai.j1msky.worker.model.OutputCapField;
import ai.j1msky.worker.model.ProviderSettings;
import ai.j1msky.worker.model.Wire;
import ai.j1msky.worker.openai.OpenAiProvider;
import ai.j1msky.worker.provider.LocalServers;
import ai.j1msky.worker.provider.ProviderTable;
import ai.j1msky.worker.sandbox.SandboxProvider;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The model providers that this worker can call: those of the configuration that have a key or need none.
@Configuration(proxyBeanMethods = false)
class ProviderWiring {

    /// OpenAI's own servers, whose newer models refuse the older name of the output cap.
    private static final String OPENAI_HOST = "api.openai.com";

    @Bean
    ModelHttp modelHttp() {
        return new ModelHttp();
    }

    @Bean
    ProviderTable providerTable(AgencyConfig config, ModelHttp http) {
        Map<String, ModelProvider> live = new HashMap<>();
        for (ProviderConfig provider : config.providers().values()) {
            String key = provider.apiKey(System.getenv());
            if (key != null || provider.keyless()) {
                live.put(provider.name(), connect(settings(provider, key), http));
            }
        }
        LocalServers.offer(config.providers().values());
        return new ProviderTable(config, live, new SandboxProvider());
    }

    private static ModelProvider connect(ProviderSettings settings, ModelHttp http) {
        return switch (settings.wire()) {
            case ANTHROPIC -> new AnthropicProvider(settings, http);
            case OPENAI -> new OpenAiProvider(settings, http);
        };
    }

    private static ProviderSettings settings(ProviderConfig provider, @Nullable String key) {
        try {
            boolean official = OPENAI_HOST.equals(provider.baseUrl().getHost());
            return new ProviderSettings(
                    provider.name(),
                    provider.wire() == ProviderConfig.Wire.ANTHROPIC ? Wire.ANTHROPIC : Wire.OPENAI,
                    provider.baseUrl(),
                    key == null ? null : new ApiKey(key),
                    provider.idleTimeout(),
                    official ? OutputCapField.MAX_COMPLETION_TOKENS : OutputCapField.MAX_TOKENS);
        } catch (IllegalArgumentException unusable) {
            throw new StartException(
                    "The provider "
                            + provider.name()
                            + " is misconfigured: "
                            + unusable.getMessage());
        }
    }
}
