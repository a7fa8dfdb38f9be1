package ai.j1msky.worker.provider;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.Deferral;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ModelConfig;
import ai.j1msky.common.config.ProviderConfig;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The models of the configuration and the providers that this worker can call. Test keys always get the sandbox,
/// live keys never do.
public final class ProviderTable {

    private static final int SANDBOX_OUTPUT_TOKENS = 8_192;

    /// An answer cut shorter than this is of no use: a model for which the hold does not pay for it is passed over.
    private static final int LEAST_OUTPUT_TOKENS = 1_024;

    private static final long MILLION = 1_000_000;

    private final AgencyConfig config;
    private final Map<String, Live> live = new HashMap<>();
    private final ModelProvider sandbox;

    private record Live(ModelProvider caller, ProviderGate gate, @Nullable CallBudget budget) {}

    /// @param providers those with credentials, by their name in the configuration
    public ProviderTable(
            AgencyConfig config, Map<String, ModelProvider> providers, ModelProvider sandbox) {
        this(config, providers, sandbox, System::nanoTime);
    }

    ProviderTable(
            AgencyConfig config,
            Map<String, ModelProvider> providers,
            ModelProvider sandbox,
            LongSupplier nanos) {
        this.config = config;
        this.sandbox = sandbox;
        for (ProviderConfig provider : config.providers().values()) {
            ModelProvider caller = providers.get(provider.name());
            if (caller != null) {
                live.put(
                        provider.name(),
                        new Live(
                                caller,
                                new ProviderGate(provider.name(), provider.concurrent(), nanos),
                                provider.hourly() == 0 ? null : CallBudget.of(provider)));
            }
        }
    }

    /// The first of the order's model and those it falls back to that may be called now; its place is taken.
    ///
    /// @param taskBytes at least the size of the task in UTF-8
    /// @param passedOver providers that are not to be called (again)
    /// @return empty when all of them are passed over, or cannot be paid from the hold
    public Optional<Choice> choose(AgentOrder order, long taskBytes, Set<String> passedOver) {
        ModelConfig asked = config.models().get(order.model());
        if (!order.livemode()) {
            int cap = asked == null ? SANDBOX_OUTPUT_TOKENS : asked.maxOutputTokens();
            String alias = order.model();
            Pass pass = new Pass(null);
            return Optional.of(
                    new Choice.Ready(sandbox, alias, alias, cap, Price.FREE, false, pass, null));
        }
        if (asked == null) {
            return Optional.of(
                    missing(
                            order,
                            "unknown",
                            "This worker's config.json lacks the model. Give every node the same file."));
        }
        if (!live.containsKey(asked.provider())) {
            return Optional.of(missing(order, asked.provider(), howToConfigure(asked.provider())));
        }
        Choice.Blocked blocked = null;
        for (Option option : options(order, asked, taskBytes)) {
            if (!passedOver.contains(option.model.provider())) {
                Optional<Choice.Blocked> why = option.live.gate.tryEnter();
                if (why.isEmpty()) {
                    return Optional.of(option.ready());
                }
                if (why.get().reason() == Deferral.Reason.PROVIDER_BUSY) {
                    // It works: whoever asked for this model gets it, a little later.
                    return Optional.of(why.get());
                }
                blocked = Choice.Blocked.sooner(blocked, why.get());
            }
        }
        return Optional.ofNullable(blocked);
    }

    /// A model that may run an order, and how far its hold lets it go.
    private record Option(ModelConfig model, Live live, int cap, Price price, boolean isOther) {
        Choice.Ready ready() {
            return new Choice.Ready(
                    live.caller,
                    model.alias(),
                    model.model(),
                    cap,
                    price,
                    isOther,
                    new Pass(live.gate),
                    live.budget);
        }
    }

    private List<Option> options(AgentOrder order, ModelConfig asked, long taskBytes) {
        List<Option> options = new ArrayList<>();
        Live first = live.get(asked.provider());
        if (first != null) {
            options.add(
                    new Option(asked, first, asked.maxOutputTokens(), price(order, asked), false));
        }
        for (String alias : asked.fallback()) {
            ModelConfig other = config.models().get(alias);
            Live its = other == null ? null : live.get(other.provider());
            if (other != null && its != null) {
                Price price = other.prices().at(order.created());
                long cap = Math.min(other.maxOutputTokens(), affordable(order, price, taskBytes));
                if (cap >= Math.min(other.maxOutputTokens(), LEAST_OUTPUT_TOKENS)) {
                    options.add(new Option(other, its, (int) cap, price, true));
                }
            }
        }
        return options;
    }

    /// How many output tokens are left in the hold at that price, once the task is paid.
    private static long affordable(AgentOrder order, Price price, long taskBytes) {
        Money input = price.costOf(new Usage(taskBytes + ModelConfig.ENVELOPE_TOKENS, 0));
        long left = order.hold().micros() - input.micros();
        if (left < 0) {
            return 0;
        }
        long each = price.outputMicrosPerMillion();
        return each == 0
                ? Long.MAX_VALUE
                : Math.min(left, Long.MAX_VALUE / MILLION) * MILLION / each;
    }

    /// The order's own, so that every worker charges what was held, whatever its configuration says. Orders from before
    /// prices travelled have none.
    private static Price price(AgentOrder order, ModelConfig model) {
        Price ordered = order.price();
        return ordered != null ? ordered : model.prices().at(order.created());
    }

    /// Takes note of how a provider's calls of the hour stand.
    public void budget(String provider, int limit, long left) {
        Live its = live.get(provider);
        if (its != null) {
            its.gate.budget(limit, left);
        }
    }

    /// The providers that can be called, for the node's health.
    public List<String> names() {
        return live.keySet().stream().sorted().toList();
    }

    /// Those of them that may be called now.
    public List<String> open() {
        return live.entrySet().stream()
                .filter(entry -> entry.getValue().gate.isOpen())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /// The share of a provider's calls of the hour that was taken when this worker took the last one.
    public double spent(String provider) {
        Live its = live.get(provider);
        return its == null ? 0 : its.gate.spent();
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

    private static Choice missing(AgentOrder order, String provider, String message) {
        String code = ModelFailure.Kind.PROVIDER_NOT_CONFIGURED.code();
        return new Choice.Missing(order.model(), provider, new FailureReason(code, message));
    }
}
