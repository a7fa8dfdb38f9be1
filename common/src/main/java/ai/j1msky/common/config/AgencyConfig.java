package ai.j1msky.common.config;

import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.PriceList;
import ai.j1msky.common.network.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What the operator decides in `config.json`, laid over the defaults that come with the software.
///
/// @param allowedIps who may call the API until an admin sets the whitelist; empty for everybody
/// @param trustedProxies whose `X-Forwarded-For` counts
/// @param concurrentAgents agents one key may have spawning or running at once
/// @param queueTime how long an agent may wait for a worker
/// @param retention how long an agent can be read
/// @param providers by name
/// @param models by alias
/// @param teams by name
/// @param limits how often what may be called
/// @param anomalies what use of an API key is told as unusual
/// @param closedWithoutRedis whether requests that need Redis for their limits alone are refused while it is away
/// @param auditUnwritable what happens to changes while the audit log cannot be written
/// @param webhooks where webhooks may go
public record AgencyConfig(
        List<Network> allowedIps,
        List<Network> trustedProxies,
        int concurrentAgents,
        Duration queueTime,
        Duration retention,
        Map<String, ProviderConfig> providers,
        Map<String, ModelConfig> models,
        Map<String, TeamConfig> teams,
        LimitsConfig limits,
        BudgetsConfig budgets,
        AnomaliesConfig anomalies,
        boolean closedWithoutRedis,
        AuditUnwritable auditUnwritable,
        WebhooksConfig webhooks) {

    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,39}");
    private static final Pattern ROLES = Pattern.compile("(?!plan$|merge$)[a-z][a-z0-9_-]{0,39}");
    private static final int MOST_MEMBERS = 8;
    private static final String NAME_WORDS = "letters, digits, _ and -";

    /// The defaults alone.
    public static AgencyConfig standard(Map<String, String> variables) {
        return read(ConfigSource.empty(), variables, new ConfigSection.Notes());
    }

    /// Reads a file over the defaults.
    ///
    /// @param file `config.json`, or null for the defaults
    /// @param variables the environment, for base URLs
    /// @throws ConfigException when anything in it is wrong
    public static AgencyConfig load(@Nullable Path file, Map<String, String> variables) {
        if (file == null) {
            return standard(variables);
        }
        return read(ConfigSource.parse(file), variables, new ConfigSection.Notes());
    }

    /// Every setting, for the documentation.
    public static Collection<Setting> settings() {
        ConfigSection.Notes notes = new ConfigSection.Notes();
        read(ConfigSource.empty(), Map.of(), notes);
        return notes.settings().values();
    }

    private static AgencyConfig read(
            ObjectNode given, Map<String, String> variables, ConfigSection.Notes notes) {
        ConfigSection root = new ConfigSection("", ConfigSource.overDefaults(given), notes);
        AgencyConfig config =
                new AgencyConfig(
                        root.networks(
                                "allowed_ips",
                                "Who may call the API until `PUT /api/security/ip-whitelist` says otherwise; empty"
                                        + " for everybody."),
                        trustedProxies(root),
                        root.whole(
                                "concurrent_agents",
                                1,
                                10_000_000,
                                "How many agents one API key may have spawning or running at once."),
                        root.duration(
                                "queue_time",
                                Duration.ofSeconds(1),
                                Duration.ofDays(7),
                                "How long an agent may wait for a free worker before it fails."),
                        Duration.ofDays(
                                root.whole(
                                        "retention_days",
                                        1,
                                        30,
                                        "How many days an agent can be read.")),
                        root.each(
                                "providers",
                                NAMES,
                                NAME_WORDS,
                                section -> provider(section, variables)),
                        root.each("models", NAMES, NAME_WORDS, AgencyConfig::model),
                        root.each("teams", NAMES, NAME_WORDS, AgencyConfig::team),
                        LimitsConfig.read(root),
                        BudgetsConfig.read(root.section("budgets")),
                        AnomaliesConfig.read(root.section("anomalies")),
                        closed(root.section("outage")),
                        AuditUnwritable.named(
                                root.text(
                                        "audit_unwritable",
                                        "`open` or `closed`",
                                        Pattern.compile("open|closed").asMatchPredicate(),
                                        "While the audit log cannot be written: `open` goes on and counts what is lost, `closed` refuses changes with 503, except cancelling agents and revoking keys.")),
                        WebhooksConfig.read(root.section("webhooks")));
        root.finish();
        // What refers to a part that could not be read would only be a second sentence for one
        // mistake.
        if (notes.mistakes().isEmpty()) {
            config.checkReferences(root);
            config.checkTeams(root);
        }
        if (!notes.mistakes().isEmpty()) {
            throw new ConfigException(notes.mistakes());
        }
        return config;
    }

    private static boolean closed(ConfigSection outage) {
        boolean closed =
                "closed"
                        .equals(
                                outage.text(
                                        "limits",
                                        "`open` or `closed`",
                                        Pattern.compile("open|closed").asMatchPredicate(),
                                        "Whether cancels and keys go on without limits, or are refused, while"
                                                + " Redis is away. All else needs Redis itself."));
        outage.finish();
        return closed;
    }

    private static List<Network> trustedProxies(ConfigSection root) {
        String name = "trusted_proxies";
        List<Network> proxies =
                root.networks(
                        name,
                        "The reverse proxies in front of the gateway: `X-Forwarded-For` counts only from these.");
        return proxies.stream().anyMatch(Network::isEverything)
                ? root.mistake(name, "must not hold everybody: any client could lie", List.of())
                : proxies;
    }

    private static ProviderConfig provider(ConfigSection section, Map<String, String> variables) {
        String wire =
                section.text(
                        "wire",
                        "`anthropic` or `openai`",
                        Pattern.compile("anthropic|openai").asMatchPredicate(),
                        "The protocol it speaks.");
        ProviderConfig.Wire spoken =
                "anthropic".equals(wire)
                        ? ProviderConfig.Wire.ANTHROPIC
                        : ProviderConfig.Wire.OPENAI;
        String url =
                section.text(
                        "base_url",
                        "an http or https address",
                        ProviderConfig::isAddress,
                        "Where it is; `<ENVIRONMENT>_BASE_URL` overrides it.");
        String environment =
                section.text(
                        "environment",
                        "a variable prefix in capitals",
                        Pattern.compile("[A-Z][A-Z0-9_]{0,39}").asMatchPredicate(),
                        "Its key is read from the variable `<ENVIRONMENT>_API_KEY`.");
        boolean keyless =
                section.flag("keyless", "It needs no key, like a model server on the LAN.");
        Duration idle =
                section.duration(
                        "idle_timeout",
                        Duration.ofSeconds(1),
                        Duration.ofHours(1),
                        "A call is given up when nothing comes for this long.");
        int concurrent =
                section.whole(
                        "concurrent",
                        1,
                        10_000,
                        "How many calls one worker makes to it at once; agents beyond that wait.");
        int hourly =
                section.whole(
                        "hourly",
                        0,
                        1_000_000,
                        "How many calls it takes in an hour, from all keys; 0 for no limit.");
        if (keyless && spoken == ProviderConfig.Wire.ANTHROPIC) {
            keyless = section.mistake("keyless", "works with the `openai` wire only", false);
        }
        return new ProviderConfig(
                section.name(),
                spoken,
                ProviderConfig.versioned(baseUrl(section, url, environment, variables), spoken),
                environment,
                keyless,
                idle,
                concurrent,
                hourly);
    }

    /// The environment's address when it has one, else the file's.
    private static String baseUrl(
            ConfigSection section, String url, String environment, Map<String, String> variables) {
        String variable = environment + "_BASE_URL";
        String override = variables.getOrDefault(variable, "").strip();
        if (override.isEmpty()) {
            return url;
        }
        return ProviderConfig.isAddress(override)
                ? override
                : section.mistake(
                        "base_url",
                        "is overridden by " + variable + ", which must be an http or https address",
                        url);
    }

    private static ModelConfig model(ConfigSection section) {
        String wireName =
                section.text(
                        "wire_name",
                        "at most 200 characters without spaces",
                        Pattern.compile("[!-~]{0,200}").asMatchPredicate(),
                        "How answers about teams name it; `<provider>/<model>` when empty.");
        String provider =
                section.text(
                        "provider",
                        "a name under `providers`",
                        NAMES.asMatchPredicate(),
                        "Who runs it.");
        String model =
                section.text(
                        "model",
                        "the provider's own name of the model",
                        Pattern.compile("[!-~]{1,200}").asMatchPredicate(),
                        "What is asked of the provider.");
        return new ModelConfig(
                section.name(),
                wireName.isEmpty() ? provider + "/" + model : wireName,
                provider,
                model,
                prices(section),
                section.whole(
                        "max_output_tokens",
                        1,
                        1_000_000,
                        "The output cap: it is sent to the model and bounds the hold."),
                section.texts(
                        "fallback",
                        "a list of model aliases",
                        "What to use instead when its provider fails, best first."));
    }

    private static TeamConfig team(ConfigSection section) {
        List<String> members =
                section.texts(
                        "members", "a list of model aliases", "The models that work side by side.");
        List<String> words =
                section.texts(
                        "roles",
                        "a list of words",
                        "What each member does, in the same order; one beyond these is `member_3` and so on.");
        List<String> roles =
                IntStream.range(0, members.size())
                        .mapToObj(i -> i < words.size() ? words.get(i) : "member_" + (i + 1))
                        .toList();
        String lead =
                section.text(
                        "lead",
                        "a model alias",
                        NAMES.asMatchPredicate(),
                        "The model that plans and merges.");
        if (members.isEmpty() || members.size() > MOST_MEMBERS) {
            section.mistake("members", "must name 1 to " + MOST_MEMBERS + " models", members);
        }
        if (Set.copyOf(roles).size() != roles.size()
                || !roles.stream().allMatch(ROLES.asMatchPredicate())) {
            section.mistake(
                    "roles", "must be different words of small letters, digits, _ and -", roles);
        }
        return new TeamConfig(section.name(), members, roles, lead);
    }

    private static PriceList prices(ConfigSection section) {
        Price first = price(section);
        List<PriceList.Change> changes = new ArrayList<>();
        section.items(
                "prices",
                "a list of prices",
                "What it costs from a time on, earliest first: see below.",
                item -> change(item, changes));
        return new PriceList(first, changes);
    }

    private static void change(ConfigSection item, List<PriceList.Change> before) {
        Instant from = item.time("from", "From when it holds, that moment included.");
        Price price = price(item);
        Instant last = before.isEmpty() ? null : before.getLast().from();
        if (from != null && from.equals(last)) {
            item.mistake("from", "names " + from + " again", from);
        } else if (from != null && last != null && from.isBefore(last)) {
            item.mistake("from", "must be later than the one before it", from);
        } else if (from != null) {
            before.add(new PriceList.Change(from, price));
        }
    }

    private static Price price(ConfigSection section) {
        return Price.dollarsPerMillion(
                section.dollars("input_per_mtok", "Price of a million tokens read."),
                section.dollars("output_per_mtok", "Price of a million tokens written."));
    }

    private void checkReferences(ConfigSection root) {
        for (ModelConfig model : models.values()) {
            if (!providers.containsKey(model.provider())) {
                root.mistake(
                        "models." + model.alias() + ".provider",
                        "names no provider; known: " + String.join(", ", providers.keySet()),
                        "");
            }
            for (String other : model.fallback()) {
                if (!models.containsKey(other)) {
                    root.mistake(
                            "models." + model.alias() + ".fallback",
                            "names no model: " + other,
                            "");
                }
            }
        }
    }

    private void checkTeams(ConfigSection root) {
        for (TeamConfig team : teams.values()) {
            team.members().forEach(alias -> checkModel(team, "members", alias, root));
            checkModel(team, "lead", team.lead(), root);
        }
    }

    private void checkModel(TeamConfig team, String setting, String alias, ConfigSection root) {
        if (!models.containsKey(alias)) {
            root.mistake("teams." + team.name() + "." + setting, "names no model: " + alias, "");
        }
    }
}
