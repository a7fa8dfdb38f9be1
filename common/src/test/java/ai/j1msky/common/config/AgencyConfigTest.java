package ai.j1msky.common.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.config.ProviderConfig.Wire;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.PriceList;
import ai.j1msky.common.network.Network;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgencyConfigTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private static final Duration IDLE = Duration.ofSeconds(30);

    @TempDir Path directory;

    private AgencyConfig load(String json) throws IOException {
        return load(json, Map.of());
    }

    private AgencyConfig load(String json, Map<String, String> variables) throws IOException {
        return AgencyConfig.load(
                Files.writeString(directory.resolve("config.json"), json), variables);
    }

    private static ProviderConfig provider(String name, Wire wire, String url, String variables) {
        int hourly = Map.of("anthropic", 50, "kimi", 100).getOrDefault(name, 0);
        return new ProviderConfig(name, wire, URI.create(url), variables, false, IDLE, 24, hourly);
    }

    private static ProviderConfig standardProvider(String name) {
        return requireNonNull(AgencyConfig.standard(Map.of()).providers().get(name));
    }

    private static TeamConfig team(String name, String members, String roles, String lead) {
        return new TeamConfig(
                name, List.of(members.split(" ", -1)), List.of(roles.split(" ", -1)), lead);
    }

    private static ModelConfig model(String alias) {
        return requireNonNull(AgencyConfig.standard(Map.of()).models().get(alias));
    }

    @Test
    void theDefaultsArePartOfTheContract() {
        assertThat(AgencyConfig.standard(Map.of()))
                .isEqualTo(
                        new AgencyConfig(
                                List.of(),
                                List.of(),
                                50,
                                Duration.ofHours(1),
                                Duration.ofDays(30),
                                Map.of(
                                        "anthropic",
                                        provider(
                                                "anthropic",
                                                Wire.ANTHROPIC,
                                                "https://api.anthropic.com/v1",
                                                "ANTHROPIC"),
                                        "kimi",
                                        provider(
                                                "kimi",
                                                Wire.OPENAI,
                                                "https://api.moonshot.ai/v1",
                                                "MOONSHOT"),
                                        "minimax",
                                        provider(
                                                "minimax",
                                                Wire.OPENAI,
                                                "https://api.minimax.io/v1",
                                                "MINIMAX"),
                                        "openai",
                                        provider(
                                                "openai",
                                                Wire.OPENAI,
                                                "https://api.openai.com/v1",
                                                "OPENAI")),
                                Map.of(
                                        "k2p5",
                                        new ModelConfig(
                                                "k2p5",
                                                "kimi-coding/k2p5",
                                                "kimi",
                                                "kimi-k2.5",
                                                PriceList.of(new Price(600_000, 3_000_000)),
                                                8192,
                                                List.of()),
                                        "sonnet",
                                        new ModelConfig(
                                                "sonnet",
                                                "anthropic/claude-sonnet-4-6",
                                                "anthropic",
                                                "claude-sonnet-4-6",
                                                PriceList.of(new Price(3_000_000, 15_000_000)),
                                                8192,
                                                List.of("k2p5")),
                                        "opus",
                                        new ModelConfig(
                                                "opus",
                                                "anthropic/claude-opus-4-6",
                                                "anthropic",
                                                "claude-opus-4-6",
                                                PriceList.of(new Price(5_000_000, 25_000_000)),
                                                8192,
                                                List.of("sonnet", "k2p5"))),
                                Map.of(
                                        "team_coding",
                                        team(
                                                "team_coding",
                                                "k2p5 sonnet",
                                                "developer reviewer",
                                                "sonnet"),
                                        "team_creative",
                                        team(
                                                "team_creative",
                                                "sonnet opus",
                                                "writer editor",
                                                "opus"),
                                        "team_research",
                                        team(
                                                "team_research",
                                                "sonnet k2p5",
                                                "researcher analyst",
                                                "sonnet"),
                                        "team_business",
                                        team(
                                                "team_business",
                                                "opus sonnet",
                                                "strategist analyst",
                                                "opus")),
                                new LimitsConfig(
                                        Map.of(
                                                "POST /spawn", new Rate(100, HOUR),
                                                "GET /agent", new Rate(1000, HOUR),
                                                "GET /agents", new Rate(100, HOUR),
                                                "GET /system", new Rate(60, HOUR)),
                                        new Rate(1000, HOUR),
                                        new Rate(300, Duration.ofMinutes(1)),
                                        Map.of()),
                                new BudgetsConfig(
                                        new BudgetTerms(
                                                Money.micros(50_000_000),
                                                Money.micros(500_000_000),
                                                List.of(80, 100)),
                                        Money.micros(100_000_000)),
                                new AnomaliesConfig(
                                        5,
                                        Duration.ofMinutes(10),
                                        Duration.ofDays(1),
                                        300,
                                        50,
                                        5,
                                        Money.micros(5_000_000),
                                        Duration.ZERO),
                                false,
                                AuditUnwritable.OPEN,
                                new WebhooksConfig(List.of())));
    }

    @Test
    void noFileAndAnEmptyOneBothMeanTheDefaults() throws IOException {
        assertThat(AgencyConfig.load(null, Map.of())).isEqualTo(AgencyConfig.standard(Map.of()));
        assertThat(load("{}")).isEqualTo(AgencyConfig.standard(Map.of()));
    }

    @Test
    void limitsMayBeChangedOneByOneAndForSingleKeys() throws IOException {
        // When
        LimitsConfig limits =
                load("""
                                {"limits": {"POST /spawn": {"limit": 7}, "POST /keys": {"limit": 2, "window": "1m"}},
                                 "key_limits": {"key_1": {"POST /spawn": {"limit": 9, "window": "1d"}}}}
                                """)
                        .limits();

        // Then
        assertThat(limits.of("key_1", "POST /spawn")).isEqualTo(new Rate(9, Duration.ofDays(1)));
        assertThat(limits.of("key_2", "POST /spawn")).isEqualTo(new Rate(7, HOUR));
        assertThat(limits.of("key_1", "POST /keys")).isEqualTo(new Rate(2, Duration.ofMinutes(1)));
        assertThat(limits.of("key_1", "DELETE /agent")).isEqualTo(new Rate(1000, HOUR));
    }

    @Test
    void whatIsGivenReplacesItsDefault() throws IOException {
        // When
        AgencyConfig config =
                load(
                        """
                        // comments are allowed
                        {"concurrent_agents": 7, "queue_time": "90s", "retention_days": 3,
                         "audit_unwritable": "closed"}
                        """);

        // Then
        assertThat(config.concurrentAgents()).isEqualTo(7);
        assertThat(config.queueTime()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.retention()).isEqualTo(Duration.ofDays(3));
        assertThat(config.auditUnwritable()).isEqualTo(AuditUnwritable.CLOSED);
    }

    @Test
    void addressesAreReadAsNetworks() throws IOException {
        // When
        AgencyConfig config =
                load(
                        """
                        {"allowed_ips": ["192.168.1.0/24", "2001:DB8::/32", "::ffff:10.1.2.3"],
                         "trusted_proxies": ["127.0.0.1", "::1/128"]}
                        """);

        // Then
        assertThat(config.allowedIps())
                .containsExactly(
                        Network.parse("192.168.1.0/24"),
                        Network.parse("2001:db8::/32"),
                        Network.parse("10.1.2.3"));
        assertThat(config.trustedProxies())
                .containsExactly(Network.parse("127.0.0.1"), Network.parse("::1"));
    }

    @ParameterizedTest
    @CsvSource({"1500ms, 1500", "2s, 2000", "3m, 180000", "4h, 14400000", "5d, 432000000"})
    void durationsHaveAUnit(String text, long millis) throws IOException {
        assertThat(load("{\"queue_time\": \"%s\"}".formatted(text)).queueTime().toMillis())
                .isEqualTo(millis);
    }

    @Test
    void aKnownModelMayBeGivenInPart() throws IOException {
        // When
        ModelConfig model =
                load("{\"models\": {\"k2p5\": {\"output_per_mtok\": 2.5}}}").models().get("k2p5");

        // Then
        assertThat(model)
                .isEqualTo(
                        new ModelConfig(
                                "k2p5",
                                "kimi-coding/k2p5",
                                "kimi",
                                "kimi-k2.5",
                                PriceList.of(new Price(600_000, 2_500_000)),
                                8192,
                                List.of()));
    }

    @Test
    void aPriceHoldsFromItsTimeUntilTheNext() throws IOException {
        // When
        PriceList prices =
                requireNonNull(
                                load("""
                                                {"models": {"k2p5": {"prices": [
                                                  {"from": "2026-12-01", "input_per_mtok": 0.5, "output_per_mtok": 2},
                                                  {"from": "2027-01-01T00:00:00.5Z", "input_per_mtok": 0, "output_per_mtok": 0.000001}]}}}
                                                """)
                                        .models()
                                        .get("k2p5"))
                        .prices();

        // Then
        assertThat(prices.at(Instant.EPOCH)).isEqualTo(new Price(600_000, 3_000_000));
        assertThat(prices.at(Instant.parse("2026-11-30T23:59:59.999999999Z")))
                .isEqualTo(new Price(600_000, 3_000_000));
        assertThat(prices.at(Instant.parse("2026-12-01T00:00:00Z")))
                .isEqualTo(new Price(500_000, 2_000_000));
        assertThat(prices.at(Instant.parse("2027-01-01T00:00:00.499Z")))
                .isEqualTo(new Price(500_000, 2_000_000));
        assertThat(prices.at(Instant.parse("2027-01-01T00:00:00.5Z"))).isEqualTo(new Price(0, 1));
    }

    @Test
    void aNewProviderAndModelNeedOnlyWhatHasNoDefault() throws IOException {
        // When
        AgencyConfig config =
                load(
                        """
                        {"providers": {"my-llama": {"wire": "openai", "base_url": "http://10.0.0.4:8080", "keyless": true}},
                         "models": {"llama": {"provider": "my-llama", "model": "llama-3.3", "input_per_mtok": 0, "output_per_mtok": 0}}}
                        """);

        // Then
        assertThat(config.providers().get("my-llama"))
                .isEqualTo(
                        new ProviderConfig(
                                "my-llama",
                                Wire.OPENAI,
                                URI.create("http://10.0.0.4:8080/v1"),
                                "MY_LLAMA",
                                true,
                                IDLE,
                                24,
                                0));
        assertThat(config.models().get("llama"))
                .isEqualTo(
                        new ModelConfig(
                                "llama",
                                "my-llama/llama-3.3",
                                "my-llama",
                                "llama-3.3",
                                PriceList.of(Price.FREE),
                                8192,
                                List.of()));
        assertThat(config.models()).containsKeys("k2p5", "sonnet", "opus");
    }

    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC, anthropic, http://127.0.0.1:9, http://127.0.0.1:9/v1",
        "ANTHROPIC, anthropic, http://127.0.0.1:9/, http://127.0.0.1:9/v1",
        "ANTHROPIC, anthropic, http://127.0.0.1:9/v1/, http://127.0.0.1:9/v1",
        "ANTHROPIC, anthropic, https://proxy.lan/anthropic, https://proxy.lan/anthropic/v1",
        "MOONSHOT, kimi, http://[::1]:9, http://[::1]:9/v1",
        "MOONSHOT, kimi, ' https://api.moonshot.cn/v1 ', https://api.moonshot.cn/v1",
        "MOONSHOT, kimi, https://proxy.lan/openai, https://proxy.lan/openai"
    })
    void theEnvironmentsBaseUrlWinsWithOrWithoutItsVersion(
            String prefix, String provider, String given, String used) throws IOException {
        // When
        AgencyConfig config = load("{}", Map.of(prefix + "_BASE_URL", given));

        // Then
        assertThat(config.providers().get(provider))
                .extracting(ProviderConfig::baseUrl)
                .isEqualTo(URI.create(used));
    }

    @Test
    void aBlankVariableIsNoBaseUrl() throws IOException {
        assertThat(load("{}", Map.of("MOONSHOT_BASE_URL", " ")))
                .isEqualTo(AgencyConfig.standard(Map.of()));
    }

    @Test
    void aProvidersKeyComesFromTheEnvironmentOnly() {
        // Given
        ProviderConfig kimi = standardProvider("kimi");

        // When / Then
        assertThat(kimi.apiKey(Map.of("MOONSHOT_API_KEY", " k "))).isEqualTo("k");
        assertThat(kimi.apiKey(Map.of("MOONSHOT_API_KEY", " "))).isNull();
        assertThat(kimi.apiKey(Map.of())).isNull();
    }

    @Test
    void webhooksReachNoPrivateNetworkUnlessItIsListed() throws IOException {
        // When
        AgencyConfig config = load("{\"webhooks\": {\"allowed_subnets\": [\"192.168.1.0/24\"]}}");

        // Then
        assertThat(config.webhooks().allowedSubnets())
                .containsExactly(Network.parse("192.168.1.0/24"));
        assertThat(AgencyConfig.standard(Map.of()).webhooks().allowedSubnets()).isEmpty();
    }

    @Test
    void theHoldCoversEveryByteOfTheTaskAndTheWholeCap() {
        // Given
        ModelConfig k2p5 = model("k2p5");

        // When
        Money hold = k2p5.holdFor("Grüße", k2p5.prices().first());

        // Then: (7 bytes + 64) × $0.60 + 8192 × $3 per million
        assertThat(hold).isEqualTo(Money.micros(24_619));
    }
}
