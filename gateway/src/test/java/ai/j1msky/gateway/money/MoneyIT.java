package ai.j1msky.gateway.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.ledger.Balance;
import ai.j1msky.common.ledger.UsageCell;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.Api.Answer;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgency.Gateway;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Usage and budgets over HTTP; balances and usage are written to the log as billing writes them.
class MoneyIT {

    private static final String USAGE = "/api/billing/usage";
    private static final String BUDGET = "/api/billing/budget";
    private static final String SPAWN = "{\"model\": \"k2p5\", \"task\": \"work\"}";

    /// 4 bytes and 64 tokens around them at $0.60 a million, 8,192 at $3.
    private static final long HOLD = 24_617;

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

    private static TestAgency agency;
    private static Gateway gateway;

    private record Account(AccountId id, MintedKey key, Api api) {
        KeyId keyId() {
            return key.kept().keyId();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        agency = new TestAgency();
        gateway = agency.gateway();
    }

    @AfterAll
    static void stop() {
        agency.close();
    }

    @Test
    void usageIsThatOfTheMonthBySums() {
        // Given
        Account account = account();
        LocalDate first = TODAY.withDayOfMonth(1);
        agency.append(
                cell(account, first, "sonnet", "anthropic", 1_500_000, 2),
                cell(account, TODAY, "k2p5", "kimi", 250_001, 3),
                cell(account, first.minusDays(1), "k2p5", "kimi", 9_000_000, 9),
                cell(account(), TODAY, "opus", "anthropic", 77, 1));
        agency.awaitProjected();

        // When
        Answer answer = account.api.get(USAGE);

        // Then
        Map<String, BigDecimal> days = numbers(answer.body().path("by_day"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("period")).isEqualTo(first + " to " + TODAY);
        assertThat(answer.body().path("total_cost").decimalValue())
                .isEqualByComparingTo("1.750001");
        assertThat(answer.body().path("by_model"))
                .isEqualTo(WireJson.MAPPER.readTree("{\"k2p5\": 0.250001, \"sonnet\": 1.5}"));
        assertThat(days.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo("1.750001");
        assertThat(days.keySet()).containsOnly(first.toString(), TODAY.toString());
        assertThat(answer.body().path("agents").asInt()).isEqualTo(5);
    }

    @Test
    void withoutUsageEverySumIsZero() {
        // When
        Answer answer = account().api.get(USAGE);

        // Then
        assertThat(answer.body())
                .isEqualTo(
                        WireJson.MAPPER.readTree(
                                """
                                {"period": "%s to %s", "total_cost": 0.0, "by_model": {}, "by_day": {}, "agents": 0,
                                 "usage": {"input_tokens": 0, "output_tokens": 0}}
                                """
                                        .formatted(TODAY.withDayOfMonth(1), TODAY)));
    }

    @Test
    void anyDaysAndGroupsCanBeAskedFor() {
        // Given
        Account account = account();
        LocalDate from = LocalDate.parse("2025-12-30");
        agency.append(
                cell(account, from, "k2p5", "kimi", 1, 1),
                cell(account, from.plusDays(1), "k2p5", "kimi", 20, 1),
                cell(account, from.plusDays(2), "opus", "anthropic", 300, 1),
                cell(account, from.plusDays(40), "opus", "anthropic", 4_000, 1));
        agency.awaitProjected();

        // When
        Answer some = account.api.get(USAGE + "?from=2025-12-31&to=2026-01-01&group_by=provider");
        Answer byKey = account.api.get(USAGE + "?from=2025-12-01&to=2026-11-26&group_by=key");
        Answer byTeam = account.api.get(USAGE + "?to=2025-12-31&group_by=team");

        // Then
        assertThat(some.text("period")).isEqualTo("2025-12-31 to 2026-01-01");
        assertThat(some.body().path("by_provider"))
                .isEqualTo(WireJson.MAPPER.readTree("{\"anthropic\": 0.0003, \"kimi\": 0.00002}"));
        assertThat(numbers(byKey.body().path("by_key")))
                .isEqualTo(Map.of(account.keyId().value(), new BigDecimal("0.004321")));
        assertThat(byTeam.text("period")).isEqualTo("2025-12-01 to 2025-12-31");
        assertThat(byTeam.body().path("by_team"))
                .isEqualTo(WireJson.MAPPER.readTree("{\"none\": 0.000021}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    from=yesterday              | from must be a day such as 2026-11-26.
                    from=2026-02-30             | from must be a day such as 2026-11-26.
                    to=9999999-01-01            | to must be a day such as 2026-11-26.
                    from=2026-02-02&to=2026-02-01 | from must not be after to.
                    from=9999-01-01             | from must not be after today.
                    from=2024-01-01&to=2026-01-01 | from and to must be at most 366 days apart.
                    group_by=colour             | group_by must be one of model, day, key, team, provider.
                    colour=red                  | Unknown query parameter; known here: from, group_by, to.
                    """)
    void whatIsNotUnderstoodIsNamed(String query, String sentence) {
        // When
        Answer answer = account().api.get(USAGE + "?" + query);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().path("message").asString()).isEqualTo(sentence);
    }

    @Test
    void aBudgetIsTheConfiguredOneUntilItIsSetAndAfterItIsDeleted() {
        // Given
        Account account = account();
        agency.append(balance(account, Balance.WHOLE, 300, 7, 50));
        agency.awaitProjected();
        String standard =
                "{\"daily\": 1000000.0, \"monthly\": 1000000.0, \"alert_at\": [0.8, 1.0],";
        String spent = "\"spent_today\": 0.000007, \"spent_month\": 0.00005, \"held\": 0.0003}";

        // When
        Answer before = account.api.get(BUDGET);
        Answer set = account.api.put(BUDGET, "{\"daily\": 12.5, \"alert_at\": [0.5, 0.05]}");
        Answer after = account.api.get(BUDGET);
        Answer deleted = account.api.delete(BUDGET);

        // Then
        assertThat(before.body()).isEqualTo(WireJson.MAPPER.readTree(standard + spent));
        assertThat(set.body())
                .isEqualTo(
                        WireJson.MAPPER.readTree(
                                "{\"daily\": 12.5, \"monthly\": 1000000.0, \"alert_at\": [0.05, 0.5],"
                                        + spent));
        assertThat(after.body()).isEqualTo(set.body());
        assertThat(deleted.body()).isEqualTo(before.body());
    }

    @Test
    void aKeysBudgetIsItsOwnAndOnlyOfItsAccount() {
        // Given
        Account account = account();
        agency.append(balance(account, account.keyId().value(), 10, 20, 30));
        agency.awaitProjected();
        String mine = BUDGET + "?key_id=" + account.keyId();

        // When
        Answer none = account.api.get(mine);
        Answer half = account.api.put(mine, "{\"daily\": 1}");
        Answer set = account.api.put(mine, "{\"daily\": 1, \"monthly\": 2}");
        Answer others = account().api.get(mine);
        Answer unknown = account.api.put(BUDGET + "?key_id=key_nobody", "{\"daily\": 1}");

        // Then
        assertThat(none.body().path("daily").isNull()).isTrue();
        assertThat(none.body().path("spent_today").decimalValue()).isEqualByComparingTo("0.00002");
        assertThat(half.status()).isEqualTo(400);
        assertThat(half.error().path("message").asString()).startsWith("monthly is missing");
        assertThat(set.status()).isEqualTo(200);
        assertThat(set.text("key_id")).isEqualTo(account.keyId().value());
        assertThat(others.status()).isEqualTo(404);
        assertThat(unknown.status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"daily": -1}               | daily must be dollars
                    {"daily": "5"}              | daily must be dollars
                    {"daily": 0.0000001}        | daily must be dollars
                    {"daily": 1e400}            | daily must be dollars
                    {"monthly": 1000001}        | monthly must be dollars
                    {"alert_at": [0]}           | alert_at must be a list
                    {"alert_at": [1.01]}        | alert_at must be a list
                    {"alert_at": 0.8}           | alert_at must be a list
                    {"weekly": 5}               | Unknown field 'weekly'
                    """)
    void aWrongBudgetIsRefusedAndNothingIsChanged(String body, String sentence) {
        // Given
        Account account = account();

        // When
        Answer answer = account.api.put(BUDGET, body);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().path("message").asString()).startsWith(sentence);
        assertThat(account.api.get(BUDGET).body().path("daily").asDouble()).isEqualTo(1_000_000.0);
    }

    @Test
    void seeingMoneyNeedsItsScopeAndABudgetIsForAdmins() {
        // Given
        Account account = account();
        Api agents = api(account.id, EnumSet.of(Scope.AGENTS_READ, Scope.AGENTS_WRITE));
        Api reader = api(account.id, EnumSet.of(Scope.BILLING_READ));

        // Then
        assertThat(agents.get(USAGE).status()).isEqualTo(403);
        assertThat(agents.get(BUDGET).status()).isEqualTo(403);
        assertThat(reader.get(BUDGET).status()).isEqualTo(200);
        assertThat(reader.put(BUDGET, "{\"daily\": 1}").status()).isEqualTo(403);
        assertThat(reader.delete(BUDGET).status()).isEqualTo(403);
    }

    @Test
    void ofFiftyAtTwoGatewaysAsManyAreAdmittedAsFitAndTheAlertIsSentOnce() {
        // Given
        Account account = account();
        Gateway second = agency.gateway();
        account.api.put(BUDGET, "{\"daily\": " + Money.micros(10 * HOLD).dollars() + "}");
        Api there = second.api().with(account.key.text().reveal());
        await().until(
                        () ->
                                there.get(BUDGET)
                                                .body()
                                                .path("daily")
                                                .decimalValue()
                                                .compareTo(BigDecimal.ONE)
                                        < 0);

        // Agents of the sandbox cost nothing, so no budget is in their way.
        String sandboxed =
                agency.mint(account.id, KeyEnvironment.DEV, EnumSet.allOf(Scope.class))
                        .text()
                        .reveal();
        for (Api free : List.of(there.with(sandboxed), account.api.with(sandboxed))) {
            for (int i = 0; i < 11; i++) {
                assertThat(free.post("/api/spawn", SPAWN).status()).isEqualTo(200);
            }
        }

        // When
        List<CompletableFuture<Answer>> asked =
                IntStream.range(0, 50)
                        .mapToObj(
                                i ->
                                        (i % 2 == 0 ? there : account.api)
                                                .postLater("/api/spawn", SPAWN))
                        .toList();
        List<Answer> answers = asked.stream().map(CompletableFuture::join).toList();

        // Then
        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(10);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .allSatisfy(
                        refused -> {
                            assertThat(refused.status()).isEqualTo(429);
                            assertThat(refused.error().path("message").asString())
                                    .startsWith("The account's daily budget has no room");
                            assertThat(refused.error().path("retry_after").asInt()).isPositive();
                        });
        Answer standing = account.api.get(BUDGET);
        assertThat(standing.body().path("held").decimalValue())
                .isEqualByComparingTo(Money.micros(10 * HOLD).dollars());
        assertThat(standing.body().path("spent_today").asDouble()).isZero();
        await().until(() -> !alerts(account).isEmpty());
        account.api.post("/api/spawn", SPAWN);
        there.post("/api/spawn", SPAWN);
        assertThat(alerts(account))
                .containsExactly(account.id + "/account/budget/" + TODAY + "/100");
        String entries = "/api/security/audit/entries?event=billing.alert";
        await().untilAsserted(
                        () ->
                                assertThat(
                                                account.api
                                                        .get(entries)
                                                        .body()
                                                        .findValuesAsString("subject"))
                                        .containsExactly(TODAY + "/100"));
    }

    @Test
    void afterAFlushNothingIsShownUntilItIsAsItWas() {
        // Given
        Account account = account();
        agency.append(
                cell(account, TODAY, "k2p5", "kimi", 250_001, 3),
                balance(account, Balance.WHOLE, 0, 250_001, 250_001));
        assertThat(account.api.post("/api/spawn", SPAWN).status()).isEqualTo(200);
        agency.awaitProjected();
        JsonNode usage = account.api.get(USAGE).body();
        JsonNode budget = account.api.get(BUDGET).body();
        assertThat(budget.path("held").decimalValue()).isEqualByComparingTo("0.024617");

        // When
        agency.redis.commands().flushall();

        // Then
        for (int i = 0; i < 50; i++) {
            assertAsBeforeOrAway(account.api.get(USAGE), usage);
            assertAsBeforeOrAway(account.api.get(BUDGET), budget);
        }
        await().atMost(TestAgency.SOON).until(() -> account.api.get(BUDGET).status() == 200);
        assertThat(account.api.get(BUDGET).body()).isEqualTo(budget);
        assertThat(account.api.get(USAGE).body()).isEqualTo(usage);
        assertThat(account.api.get("/api/agents").body().path("total_cost_today").decimalValue())
                .isEqualByComparingTo("0.250001");
    }

    private static void assertAsBeforeOrAway(Answer answer, JsonNode before) {
        if (answer.status() == 503) {
            assertThat(answer.error().path("retry_after").asInt()).isPositive();
        } else {
            assertThat(answer.body()).isEqualTo(before);
        }
    }

    private static List<String> alerts(Account account) {
        return agency.read(Topics.BILLING_ALERTS).stream()
                .filter(alert -> alert.accountId().equals(account.id))
                .map(BillingAlert::logKey)
                .toList();
    }

    private static Account account() {
        AccountId id = new AccountId("money-" + UUID.randomUUID().toString().substring(0, 8));
        MintedKey key = agency.mint(id, KeyEnvironment.LIVE, EnumSet.allOf(Scope.class));
        return new Account(id, key, gateway.api().with(key.text().reveal()));
    }

    private static Api api(AccountId account, EnumSet<Scope> scopes) {
        return gateway.api()
                .with(agency.mint(account, KeyEnvironment.LIVE, scopes).text().reveal());
    }

    private static UsageCell cell(
            Account account,
            LocalDate day,
            String model,
            String provider,
            long micros,
            long agents) {
        return new UsageCell(
                account.id,
                day,
                model,
                provider,
                account.keyId(),
                Money.micros(micros),
                agents,
                new Usage(10 * agents, agents),
                Instant.now());
    }

    private static Balance balance(
            Account account, String holder, long held, long spentDay, long spentMonth) {
        return new Balance(
                account.id,
                holder,
                Money.micros(held),
                TODAY,
                Money.micros(spentDay),
                Money.micros(spentMonth),
                0,
                0,
                Map.of(),
                Instant.now());
    }

    private static Map<String, BigDecimal> numbers(JsonNode object) {
        return object.properties().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().decimalValue()));
    }
}
