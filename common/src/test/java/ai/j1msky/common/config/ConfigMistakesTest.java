package ai.j1msky.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every mistake is one sentence that names the setting.
class ConfigMistakesTest {

    private static final String NO_PROVIDER =
            "names no provider; known: anthropic, kimi, minimax, openai.";

    @TempDir Path directory;

    private ConfigException refusal(String json, Map<String, String> variables) throws IOException {
        Path file = directory.resolve("config.json");
        Files.write(file, json.getBytes(StandardCharsets.ISO_8859_1));
        return catchThrowableOfType(
                ConfigException.class, () -> AgencyConfig.load(file, variables));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    "allowed_ips": "10.0.0.0/8"                     | allowed_ips must be a list of addresses and CIDR blocks.
                    "allowed_ips": [10]                             | allowed_ips must be a list of addresses and CIDR blocks.
                    "allowed_ips": ["10.0.0.0/8", "office"]         | allowed_ips[1] must be an address or a CIDR block, such as 192.168.1.0/24 or 2001:db8::/32.
                    "allowed_ips": ["fe80::1%eth0"]                 | allowed_ips[0] must be an address or a CIDR block, such as 192.168.1.0/24 or 2001:db8::/32.
                    "allowed_ips": ["10.0.0.5/8"]                   | allowed_ips[0] has bits set behind its prefix; write 10.0.0.0/8 for the block or 10.0.0.5 for the one address.
                    "allowed_ips": ["10.0.0.5", "::ffff:10.0.0.5"]  | allowed_ips[1] names 10.0.0.5 again.
                    "trusted_proxies": ["127.1"]                    | trusted_proxies[0] must be an address or a CIDR block, such as 192.168.1.0/24 or 2001:db8::/32.
                    "trusted_proxies": ["0.0.0.0/0"]                | trusted_proxies must not hold everybody: any client could lie.
                    "trusted_proxies": ["::/0"]                     | trusted_proxies must not hold everybody: any client could lie.
                    "concurrent_agents": 0                          | concurrent_agents must be a whole number from 1 to 10000000.
                    "concurrent_agents": 1.5                        | concurrent_agents must be a whole number from 1 to 10000000.
                    "concurrent_agents": "50"                       | concurrent_agents must be a whole number from 1 to 10000000.
                    "concurrent_agents": null                       | concurrent_agents must be a whole number from 1 to 10000000.
                    "concurrent_agents": 99999999999                | concurrent_agents must be a whole number from 1 to 10000000.
                    "queue_time": "1 hour"                          | queue_time must be a duration from 1s to 7d.
                    "queue_time": 3600                              | queue_time must be a duration from 1s to 7d.
                    "queue_time": "8d"                              | queue_time must be a duration from 1s to 7d.
                    "queue_time": "0s"                              | queue_time must be a duration from 1s to 7d.
                    "retention_days": 31                            | retention_days must be a whole number from 1 to 30.
                    "providers": []                                 | providers must be an object.
                    "providers": {"kimi": 1}                        | providers.kimi must be an object.
                    "providers": {"a b": {}}                        | providers.a b is not a usable name; use letters, digits, _ and -.
                    "providers": {"kimi": {"wire": "grpc"}}         | providers.kimi.wire must be `anthropic` or `openai`.
                    "providers": {"kimi": {"base_url": "ftp://x"}}  | providers.kimi.base_url must be an http or https address.
                    "providers": {"kimi": {"base_url": "http://[x"}} | providers.kimi.base_url must be an http or https address.
                    "providers": {"kimi": {"base_url": "http://[::::]/"}} | providers.kimi.base_url must be an http or https address.
                    "providers": {"kimi": {"base_url": "http://a:99999"}} | providers.kimi.base_url must be an http or https address.
                    "providers": {"kimi": {"base_url": "http://u:p@a/"}} | providers.kimi.base_url must be an http or https address.
                    "providers": {"kimi": {"environment": "a-b"}}   | providers.kimi.environment must be a variable prefix in capitals.
                    "providers": {"kimi": {"keyless": "no"}}        | providers.kimi.keyless must be true or false.
                    "providers": {"anthropic": {"keyless": true}}   | providers.anthropic.keyless works with the `openai` wire only.
                    "providers": {"kimi": {"idle_timeout": "2h"}}   | providers.kimi.idle_timeout must be a duration from 1s to 1h.
                    "providers": {"kimi": {"api_key": "x"}}         | providers.kimi.api_key is not a setting; known here: base_url, concurrent, environment, hourly, idle_timeout, keyless, wire.
                    "models": {"k2p5": {"model": "two words"}}      | models.k2p5.model must be the provider's own name of the model.
                    "models": {"k2p5": {"input_per_mtok": -1}}      | models.k2p5.input_per_mtok must be dollars from 0 to 1000000 with at most six decimals.
                    "models": {"k2p5": {"input_per_mtok": 0.0000001}} | models.k2p5.input_per_mtok must be dollars from 0 to 1000000 with at most six decimals.
                    "models": {"k2p5": {"input_per_mtok": 1e99}}    | models.k2p5.input_per_mtok must be dollars from 0 to 1000000 with at most six decimals.
                    "models": {"k2p5": {"prices": 1}} | models.k2p5.prices must be a list of prices.
                    "models": {"k2p5": {"prices": {}}} | models.k2p5.prices must be a list of prices.
                    "models": {"k2p5": {"prices": null}} | models.k2p5.prices must be a list of prices.
                    "models": {"k2p5": {"prices": [1]}} | models.k2p5.prices[0] must be an object.
                    "models": {"k2p5": {"prices": [{"from": "soon", "input_per_mtok": 1, "output_per_mtok": 1}]}} | models.k2p5.prices[0].from must be a time such as 2026-12-01T00:00:00Z, or a date.
                    "models": {"k2p5": {"prices": [{"from": "2026-13-01", "input_per_mtok": 1, "output_per_mtok": 1}]}} | models.k2p5.prices[0].from must be a time such as 2026-12-01T00:00:00Z, or a date.
                    "models": {"k2p5": {"prices": [{"from": "2026-12-01T00:00:00", "input_per_mtok": 1, "output_per_mtok": 1}]}} | models.k2p5.prices[0].from must be a time such as 2026-12-01T00:00:00Z, or a date.
                    "models": {"k2p5": {"prices": [{"from": "2026-12-01T25:00:00Z", "input_per_mtok": 1, "output_per_mtok": 1}]}} | models.k2p5.prices[0].from must be a time such as 2026-12-01T00:00:00Z, or a date.
                    "models": {"k2p5": {"prices": [{"from": 1796083200, "input_per_mtok": 1, "output_per_mtok": 1}]}} | models.k2p5.prices[0].from must be a time such as 2026-12-01T00:00:00Z, or a date.
                    "models": {"k2p5": {"prices": [{"from": null, "input_per_mtok": 1, "output_per_mtok": 1}]}} | models.k2p5.prices[0].from must be a time such as 2026-12-01T00:00:00Z, or a date.
                    "models": {"k2p5": {"prices": [{"input_per_mtok": 1, "output_per_mtok": 1}]}} | models.k2p5.prices[0].from must be a time such as 2026-12-01T00:00:00Z, or a date.
                    "models": {"k2p5": {"prices": [{"from": "2026-12-01", "output_per_mtok": 1}]}} | models.k2p5.prices[0].input_per_mtok must be dollars from 0 to 1000000 with at most six decimals.
                    "models": {"k2p5": {"prices": [{"from": "2026-12-01", "input_per_mtok": 1}]}} | models.k2p5.prices[0].output_per_mtok must be dollars from 0 to 1000000 with at most six decimals.
                    "models": {"k2p5": {"prices": [{"from": "2026-12-01", "input_per_mtok": 1, "output_per_mtok": -1}]}} | models.k2p5.prices[0].output_per_mtok must be dollars from 0 to 1000000 with at most six decimals.
                    "models": {"k2p5": {"prices": [{"from": "2026-12-01", "input_per_mtok": 1, "output_per_mtok": "1"}]}} | models.k2p5.prices[0].output_per_mtok must be dollars from 0 to 1000000 with at most six decimals.
                    "models": {"k2p5": {"prices": [{"from": "2026-12-01", "input_per_mtok": 1, "output_per_mtok": 1, "to": 1}]}} | models.k2p5.prices[0].to is not a setting; known here: from, input_per_mtok, output_per_mtok.
                    "models": {"k2p5": {"prices": [{"from": "2026-12-01", "input_per_mtok": 1, "output_per_mtok": 1}, {"from": "2026-12-01T00:00:00Z", "input_per_mtok": 2, "output_per_mtok": 2}]}} | models.k2p5.prices[1].from names 2026-12-01T00:00:00Z again.
                    "models": {"k2p5": {"prices": [{"from": "2026-12-01", "input_per_mtok": 1, "output_per_mtok": 1}, {"from": "2026-11-30", "input_per_mtok": 2, "output_per_mtok": 2}]}} | models.k2p5.prices[1].from must be later than the one before it.
                    "models": {"k2p5": {"input_per_mtok": null}} | models.k2p5.input_per_mtok must be dollars from 0 to 1000000 with at most six decimals.
                    "models": {"k2p5": {"input_per_mtok": "NaN"}} | models.k2p5.input_per_mtok must be dollars from 0 to 1000000 with at most six decimals.
                    "models": {"k2p5": {"output_per_mtok": -0.000001}} | models.k2p5.output_per_mtok must be dollars from 0 to 1000000 with at most six decimals.
                    "models": {"k2p5": {"max_output_tokens": 0}}    | models.k2p5.max_output_tokens must be a whole number from 1 to 1000000.
                    "models": {"k2p5": {"fallback": "sonnet"}}      | models.k2p5.fallback must be a list of model aliases.
                    "models": {"k2p5": {"fallback": [1]}}           | models.k2p5.fallback must be a list of model aliases.
                    "models": {"k2p5": {"fallback": ["gpt"]}}       | models.k2p5.fallback names no model: gpt.
                    "teams": {"team_coding": {"members": ["k2p5", "gpt"], "lead": "k2p5"}} | teams.team_coding.members names no model: gpt.
                    "teams": {"team_coding": {"members": ["k2p5"], "lead": "gpt"}} | teams.team_coding.lead names no model: gpt.
                    "limits": {"POST /spawn": {"limit": 0}}         | limits.POST /spawn.limit must be a whole number from 1 to 1000000.
                    "limits": {"ip": {"window": "0s"}}              | limits.ip.window must be a duration from 1s to 1d.
                    "limits": {"spawn": {"limit": 1, "window": "1h"}} | limits.spawn is not a usable name; use a method and a path such as `POST /spawn`, `default` or `ip`.
                    "limits": {"POST /keys": {"limit": 1}}          | limits.POST /keys.window must be a duration from 1s to 1d.
                    "key_limits": {"bob": {}}                       | key_limits.bob is not a usable name; use the id of an API key.
                    "budgets": {"spike_per_hour": "100"}            | budgets.spike_per_hour must be dollars from 0 to 1000000 with at most six decimals.
                    "budgets": {"daily": -1}                        | budgets.daily must be dollars from 0 to 1000000 with at most six decimals.
                    "budgets": {"alert_at": [0.8, 1.5]}             | budgets.alert_at must be a list of numbers from 0.01 to 1.0 with at most two decimals.
                    "outage": {"limits": "ajar"}                    | outage.limits must be `open` or `closed`.
                    "anomalies": {"jump": -1}                       | anomalies.jump must be a whole number from 0 to 1000.
                    "anomalies": {"window": "1s"}                   | anomalies.window must be a duration from 10s to 1h.
                    "anomalies": {"block": "8d"}                    | anomalies.block must be a duration from 0d to 7d.
                    "concurent_agents": 5                           | concurent_agents is not a setting; known here: allowed_ips, anomalies, audit_unwritable, budgets, concurrent_agents, key_limits, limits, models, outage, providers, queue_time, retention_days, teams, trusted_proxies, webhooks.
                    """)
    void aMistakeHasItsSentence(String member, String sentence) throws IOException {
        assertThat(refusal("{" + member + "}", Map.of()).mistakes()).containsExactly(sentence);
    }

    @Test
    void aModelOfAnUnknownProviderIsToldTheKnownOnes() throws IOException {
        // When
        ConfigException refused =
                refusal("{\"models\": {\"k2p5\": {\"provider\": \"nobody\"}}}", Map.of());

        // Then
        assertThat(refused.mistakes()).containsExactly("models.k2p5.provider " + NO_PROVIDER);
    }

    @Test
    void aNewModelMustSayWhatHasNoDefault() throws IOException {
        assertThat(refusal("{\"models\": {\"new\": {}}}", Map.of()).mistakes())
                .containsExactly(
                        "models.new.provider must be a name under `providers`.",
                        "models.new.model must be the provider's own name of the model.",
                        "models.new.input_per_mtok must be dollars from 0 to 1000000 with at most"
                                + " six decimals.",
                        "models.new.output_per_mtok must be dollars from 0 to 1000000 with at most"
                                + " six decimals.");
    }

    @Test
    void allMistakesAreReportedAtOnce() throws IOException {
        // When
        ConfigException refused =
                refusal("{\"queue_time\": 1, \"retention_days\": 0, \"x\": 1}", Map.of());

        // Then
        assertThat(refused.mistakes()).hasSize(3);
        assertThat(refused).hasMessageContaining("queue_time").hasMessageContaining("x is not");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"queue_time\": \"1h\", \"queue_time\": \"2h\"}",
                "{\"models\": {\"a\": {}, \"a\": {}}}",
                "{} {}",
                "{\"a\": }",
                "{\"models\": {\"k2p5\": {\"input_per_mtok\": NaN}}}",
                ""
            })
    void whatIsNotOneJsonDocumentWithoutDuplicatesIsRefused(String json) throws IOException {
        assertThat(refusal(json, Map.of()).getMessage()).contains("config.json");
    }

    @Test
    void anotherJsonValueThanAnObjectIsRefused() throws IOException {
        assertThat(refusal("[1]", Map.of()).getMessage())
                .endsWith("config.json must hold one JSON object.");
    }

    @Test
    void aFileThatIsNotThereOrNotUtf8IsRefused() throws IOException {
        // Given
        Path missing = directory.resolve("missing.json");

        // When
        ConfigException refused =
                catchThrowableOfType(
                        ConfigException.class, () -> AgencyConfig.load(missing, Map.of()));

        // Then
        assertThat(refused.getMessage()).contains("missing.json cannot be read");
        assertThat(refusal("{\"ä\": 1}", Map.of()).getMessage()).contains("cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a url", "http://[x", "ftp://a", "http://u:hunter2@a/"})
    void anUnusableBaseUrlOfTheEnvironmentIsAMistakeAndIsNotQuoted(String url) throws IOException {
        assertThat(refusal("{}", Map.of("MOONSHOT_BASE_URL", url)).mistakes())
                .containsExactly(
                        "providers.kimi.base_url is overridden by MOONSHOT_BASE_URL, which must be"
                                + " an http or https address.");
    }
}
