package ai.j1msky.worker.provider;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ModelConfig;
import ai.j1msky.common.config.ProviderConfig;
import ai.j1msky.common.money.Price;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelProvider;
import java.util.List;
import java.util.Map;

/// The models of the configuration and the providers that this worker can call. Test keys always get the sandbox,
/// live keys never do.
public final class ProviderTable {

    private static final int SANDBOX_OUTPUT_TOKENS = 8_192;

    private final AgencyConfig config;
    private final Map<String, ModelProvider> live;
    private final ModelProvider sandbox;

    /// @param live providers with credentials, by their name in the configuration
    public ProviderTable(
            AgencyConfig config, Map<String, ModelProvider> live, ModelProvider sandbox) {
        this.config = config;
        this.live = Map.copyOf(live);
        this.sandbox = sandbox;
    }

    public Choice choose(AgentOrder order) {
        ModelConfig model = config.models().get(order.model());
        if (!order.livemode()) {
            int cap = model == null ? SANDBOX_OUTPUT_TOKENS : model.maxOutputTokens();
            return new Choice.Ready(sandbox, order.model(), cap, Price.FREE);
        }
        if (model == null) {
            return missing(
                    "unknown",
                    "This worker's config.json lacks the model. Give every node the same file.");
        }
        ModelProvider provider = live.get(model.provider());
        if (provider == null) {
            return missing(model.provider(), howToConfigure(model.provider()));
        }
        return new Choice.Ready(
                provider, model.model(), model.maxOutputTokens(), price(order, model));
    }

    /// The order's own, so that every worker charges what was held, whatever its configuration says. Orders from before
    /// prices travelled have none.
    private static Price price(AgentOrder order, ModelConfig model) {
        Price ordered = order.price();
        return ordered != null ? ordered : model.prices().at(order.created());
    }

    /// The providers that can be called, for the node's health.
    public List<String> names() {
        return live.keySet().stream().sorted().toList();
    }

    private String howToConfigure(String name) {
        ProviderConfig provider = config.providers().get(name);
        return provider == null
                ? "The model's provider is not configured."
                : "The provider "
                        + name
                        + " has no key. Set "
                        + provider.environment()
                        + "_API_KEY where the workers start and spawn again.";
    }

    private static Choice missing(String provider, String message) {
        String code = ModelFailure.Kind.PROVIDER_NOT_CONFIGURED.code();
        return new Choice.Missing(provider, new FailureReason(code, message));
    }
}
