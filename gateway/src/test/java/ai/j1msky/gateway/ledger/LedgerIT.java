package ai.j1msky.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.LedgerKind;
import ai.j1msky.common.ledger.LedgerSums;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.Api.Answer;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgency.Gateway;
import ai.j1msky.gateway.problem.Problem;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The ledger of real accounts on a real log, written as billing writes it.
class LedgerIT {

    private static final String LEDGER = "/api/billing/ledger";
    private static final String RECONCILE = "/api/billing/reconcile";
    private static final String EXPORT = "/api/billing/export";
    private static final URI SOURCE = URI.create("/test");

    private static final Random RANDOM = new Random();
    private static TestAgency agency;
    private static Gateway gateway;

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
    void pagesShowEachEntryOfTheAccountOnceTheNewestFirst() {
        // Given
        Account one = account();
        Account other = account();
        List<LedgerEntry> ledger = new ArrayList<>();
        for (int n = 0; n < 120; n++) {
            ledger.addAll(one.life());
            ledger.addAll(other.life());
        }
        agency.append(ledger.toArray(LedgerEntry[]::new));

        // When
        List<JsonNode> seen = pages(one, "limit=17");
        List<JsonNode> theirs = pages(other, "limit=200");
        Answer standard = one.api().get(LEDGER);

        // Then
        assertThat(seen).isEqualTo(shown(one, ledger).reversed());
        assertThat(theirs).isEqualTo(shown(other, ledger).reversed());
        assertThat(standard.body().path("entries")).hasSize(50);
    }

    @Test
    void anEntryReadsAsDocumented() {
        // Given
        Account account = account();
        TestMoney money = account.agent(now());
        agency.append(money.held(50_000), money.charged(12_345));

        // When
        List<JsonNode> seen = pages(account, "limit=50");

        // Then
        assertThat(seen).hasSize(2);
        JsonNode charged = seen.getFirst();
        assertThat(charged)
                .isEqualTo(
                        WireJson.MAPPER.readTree(
                                """
                                {"id": "%1$s/charged", "at": "%2$s", "kind": "charged", "agent_id": "%1$s",
                                 "key_id": "key_ledger", "model": "k2p5", "provider": "kimi", "attempt": 1,
                                 "usage": {"input_tokens": 12345, "output_tokens": 7}, "amount": 0.012345,
                                 "metering": "reported", "price": {"input_per_mtok": 0.6, "output_per_mtok": 3.0}}
                                """
                                        .formatted(money.agent(), money.at().plusSeconds(5))));
        JsonNode held = seen.getLast();
        assertThat(held.path("provider").isNull()).isTrue();
        assertThat(held.path("amount").decimalValue()).isEqualByComparingTo("0.05");
    }

    @Test
    void anAgentAndATimeSpanAreAnswered() {
        // Given
        Account account = account();
        Instant time = now().minus(Duration.ofDays(3));
        TestMoney early = account.agent(time);
        TestMoney late = account.agent(time.plusSeconds(60));
        List<LedgerEntry> ledger =
                List.of(early.held(10), late.held(20), early.charged(10), late.refunded(20));
        agency.append(ledger.toArray(LedgerEntry[]::new));
        LocalDate day = LocalDate.ofInstant(time, ZoneOffset.UTC);

        // Then
        assertThat(amounts(account, "agent_id=" + early.agent())).containsExactly(10L, 10L);
        assertThat(amounts(account, "from=" + time.plusSeconds(6))).containsExactly(20L, 20L);
        assertThat(amounts(account, "to=" + time.plusSeconds(5))).containsExactly(10L);
        assertThat(amounts(account, "from=" + time.plusSeconds(5) + "&to=" + time.plusSeconds(61)))
                .containsExactly(20L, 10L);
        assertThat(amounts(account, "from=" + day.plusDays(2))).isEmpty();
        assertThat(amounts(account, "from=" + day.minusDays(1) + "&to=" + day.plusDays(1)))
                .hasSize(4);
        assertThat(amounts(account, "to=" + day.minusDays(1))).isEmpty();
        assertThat(amounts(account, "from=" + now().plusSeconds(86_400))).isEmpty();
        assertThat(amounts(account, "agent_id=" + account.agent(now()).agent())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ledger?from=yesterday, from",
        "ledger?from=1, from",
        "ledger?from=2026-13-01, from",
        "ledger?from=, from",
        "ledger?to=2026-02-30, to",
        "ledger?to=1969-12-30, to",
        "ledger?to=%2B999999999-12-31T23:59:59Z, to",
        "ledger?from=2026-11-02&to=2026-11-01T00:00:00Z, from",
        "ledger?from=2026-11-02&from=2026-11-02, from",
        "ledger?agent_id=x, agent_id",
        "ledger?agent_id=, agent_id",
        "ledger?limit=0, limit",
        "ledger?limit=201, limit",
        "ledger?limit=-1, limit",
        "ledger?cursor=made-up, cursor",
        "ledger?cursor=, cursor",
        "ledger?cursor=1.AAAA, cursor",
        "ledger?account=main, query parameter",
        "reconcile?account=main, query parameter",
        "export?format=xml, format",
        "export?format=CSV, format",
        "export?from=now, from",
        "export?to=now, to",
        "export?agent_id=x, query parameter"
    })
    void aQueryThatIsNotUnderstoodIsRefused(String query, String named) {
        // When
        Answer answer = gateway.api().get("/api/billing/" + query);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().path("message").asString()).contains(named);
    }

    @Test
    void whatIsNotOnesOwnIsNotReached() {
        // Given
        Account one = account();
        Account other = account();
        TestMoney money = one.agent(now());
        agency.append(money.held(5), money.charged(2), money.released(3));
        String cursor = one.api().get(LEDGER + "?limit=1").text("next_cursor");
        String audits =
                gateway.api().get("/api/security/audit/entries?limit=1").text("next_cursor");
        Api blind = one.with(EnumSet.complementOf(EnumSet.of(Scope.BILLING_READ)));

        // Then
        assertThat(amounts(other, "agent_id=" + money.agent())).isEmpty();
        assertThat(other.api().get(LEDGER + "?cursor=" + cursor).status()).isEqualTo(400);
        assertThat(gateway.api().get(LEDGER + "?cursor=" + audits).status()).isEqualTo(400);
        assertThat(other.api().get(RECONCILE).body().path("entries").asInt(-1)).isZero();
        assertThat(WireJson.MAPPER.readTree(file(other, "format=json"))).isEmpty();
        for (String path : List.of(LEDGER, RECONCILE, EXPORT)) {
            assertThat(blind.get(path).status()).isEqualTo(403);
        }
    }

    @Test
    void aLedgerThatIsRightAddsUp() {
        // Given
        Account one = account();
        Account other = account();
        List<LedgerEntry> ledger = new ArrayList<>();
        for (int n = 0; n < 300; n++) {
            ledger.addAll(one.life());
            ledger.addAll(other.life());
        }
        agency.append(ledger.toArray(LedgerEntry[]::new));

        // When
        Answer answer = one.api().get(RECONCILE);

        // Then
        List<LedgerEntry> own = ledger.stream().filter(one::owns).toList();
        LedgerSums sums = LedgerSums.NONE;
        Set<String> held = new HashSet<>();
        Map<LedgerKind, Money> expected = new HashMap<>();
        for (LedgerEntry entry : own) {
            sums = sums.plus(entry.kind(), entry.amount());
            expected.merge(entry.kind(), entry.amount(), Money::plus);
            held.add(entry.agentId().value());
        }
        assertThat(answer.status()).isEqualTo(200);
        for (LedgerKind kind : LedgerKind.values()) {
            assertThat(answer.body().path(kind.wireName()).decimalValue())
                    .isEqualByComparingTo(expected.getOrDefault(kind, Money.ZERO).dollars());
        }
        assertThat(answer.body().path("open").decimalValue())
                .isEqualByComparingTo(sums.open().dollars());
        assertThat(answer.body().path("difference").decimalValue()).isZero();
        assertThat(answer.body().path("agents").asInt()).isEqualTo(held.size());
        assertThat(answer.body().path("entries").asInt()).isEqualTo(own.size());
        assertThat(answer.body().path("wrong_agents").asInt(-1)).isZero();
        assertThat(answer.body().path("oldest_open").isNull()).isFalse();
    }

    @Test
    void aLedgerThatIsWrongDoesNot() {
        // Given
        Account unreleased = account();
        Account doubled = account();
        Account overcharged = account();
        TestMoney a = unreleased.agent(now());
        TestMoney b = doubled.agent(now());
        TestMoney c = overcharged.agent(now());

        // When
        agency.append(a.held(1_000), a.charged(400));
        agency.append(b.held(1_000), b.charged(400), b.released(600), b.held(1_000));
        agency.append(c.held(1_000), c.charged(1_001));

        // Then
        assertThat(difference(unreleased)).isEqualByComparingTo("0.0006");
        assertThat(difference(doubled)).isEqualByComparingTo("0.001");
        assertThat(difference(overcharged)).isEqualByComparingTo("-0.000001");
        assertThat(overcharged.api().get(RECONCILE).body().path("wrong_agents").asInt())
                .isEqualTo(1);
    }

    @Test
    void whatWasNotCommittedIsNotThereAndWhatCannotBeReadIsCounted() {
        // Given
        Account account = account();
        TestMoney money = account.agent(now());
        EntryCodec<LedgerEntry> codec = new EntryCodec<>(Topics.LEDGER);
        byte[] key = account.id().value().getBytes(StandardCharsets.UTF_8);

        // When
        try (Producer<byte[], byte[]> billing =
                agency.clients.transactional("test-billing", Duration.ofSeconds(10))) {
            billing.initTransactions();
            billing.beginTransaction();
            billing.send(codec.write(money.held(1), SOURCE));
            billing.flush();
            billing.abortTransaction();
            billing.beginTransaction();
            billing.send(codec.write(money.held(7), SOURCE));
            billing.send(new ProducerRecord<>(Topics.LEDGER.name(), key, new byte[] {1, 2, 3}));
            billing.commitTransaction();
        }

        // Then
        assertThat(amounts(account, "limit=1")).containsExactly(7L);
        JsonNode sums = account.api().get(RECONCILE).body();
        assertThat(sums.path("open").decimalValue()).isEqualByComparingTo("0.000007");
        assertThat(sums.path("difference").decimalValue()).isZero();
        assertThat(sums.path("unreadable").asInt()).isEqualTo(1);
        assertThat(rows(file(account, "format=csv"))).hasSize(2);
    }

    @Test
    void aFileHasWhatTheListHas() {
        // Given
        Account account = account();
        List<LedgerEntry> ledger = new ArrayList<>();
        for (int n = 0; n < 400; n++) {
            ledger.addAll(account.life());
        }
        TestMoney formula =
                new TestMoney(
                        account.id(), account.agent(now()).agent(), "=HYPERLINK(\"x\"),1", now());
        ledger.add(formula.held(1));
        agency.append(ledger.toArray(LedgerEntry[]::new));
        Instant month =
                YearMonth.now(ZoneOffset.UTC).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        List<JsonNode> expected =
                shown(account, ledger.stream().filter(e -> !e.at().isBefore(month)).toList());

        // When
        Answered csv = download(account, "format=csv");
        Answered json = download(account, "format=json");
        List<List<String>> rows = rows(csv.body());

        // Then
        String days =
                YearMonth.now(ZoneOffset.UTC).atDay(1)
                        + "_"
                        + YearMonth.now(ZoneOffset.UTC).atEndOfMonth();
        assertThat(csv.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"j1msky-ledger-" + days + ".csv\"");
        assertThat(csv.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
        assertThat(csv.header("Cache-Control")).isEqualTo("no-store");
        assertThat(json.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"j1msky-ledger-" + days + ".json\"");
        assertThat(json.header("Content-Type")).isEqualTo("application/json");
        assertThat(elements(WireJson.MAPPER.readTree(json.body()))).isEqualTo(expected);
        assertThat(json.body()).contains("\"amount\":0.000001,");
        assertThat(rows.getFirst())
                .containsExactly(
                        "id",
                        "at",
                        "kind",
                        "agent_id",
                        "key_id",
                        "model",
                        "provider",
                        "attempt",
                        "input_tokens",
                        "output_tokens",
                        "amount",
                        "metering",
                        "input_per_mtok",
                        "output_per_mtok");
        assertThat(rows.subList(1, rows.size()))
                .isEqualTo(expected.stream().map(LedgerIT::row).toList());
        assertThat(rows.getLast().get(5)).isEqualTo("'=HYPERLINK(\"x\"),1");
    }

    @Test
    void aFileIsOfTheTimeThatIsAskedFor() {
        // Given
        Account account = account();
        Instant time = now().minus(Duration.ofDays(2));
        TestMoney money = account.agent(time);
        agency.append(money.held(3), money.charged(3));
        LocalDate day = LocalDate.ofInstant(time, ZoneOffset.UTC);

        // When
        Answered that =
                download(account, "format=json&from=" + time + "&to=" + time.plusSeconds(5));
        Answered none = download(account, "format=json&from=2026-01-10&to=2026-01-20");
        Answered empty = download(account, "from=2026-01-10&to=2026-01-20");

        // Then
        assertThat(WireJson.MAPPER.readTree(that.body())).hasSize(1);
        assertThat(that.header("Content-Disposition")).contains("-ledger-" + day + "_");
        assertThat(WireJson.MAPPER.readTree(none.body())).isEmpty();
        assertThat(none.header("Content-Disposition"))
                .contains("j1msky-ledger-2026-01-10_2026-01-20.json");
        assertThat(rows(empty.body())).hasSize(1);
    }

    @Test
    void downloadsThatNobodyTakesAreBoundedAndEndWithTheirClients() throws Exception {
        // Given
        Account account = large(40_000);
        int all = account.api().get(RECONCILE).body().path("entries").asInt();
        SlowDownload first = new SlowDownload(account.api(), EXPORT);
        SlowDownload second = new SlowDownload(account.api(), EXPORT);
        first.readHead();
        second.readHead();

        // When
        Answer third = account.api().get(EXPORT);
        int others = download(account(), "format=csv").status();
        String rest = second.readRest();
        first.close();
        await().atMost(TestAgency.SOON).until(() -> status(account, EXPORT) == 200);

        // Then
        assertThat(all).isEqualTo(40_000);
        assertThat(third.status()).isEqualTo(503);
        assertThat(third.error().path("message").asString())
                .isEqualTo(Problem.DOWNLOADS_FULL.sentence());
        assertThat(third.headers().firstValue("Content-Disposition")).isEmpty();
        assertThat(others).isEqualTo(200);
        assertThat(rest).endsWith("\r\n0\r\n\r\n");
        assertThat(rest.lines().filter(line -> line.contains("key_ledger"))).hasSize(40_000);
    }

    @Test
    void whileTheLogIsAwayItIsSaid() throws Exception {
        // Given
        Account account = large(40_000);
        SlowDownload halfway = new SlowDownload(account.api(), EXPORT);
        halfway.readHead();

        // When
        agency.log.proxy().pause();
        CompletableFuture<Answer> reconciled = account.api().getLater(RECONCILE);
        Answer listed = account.api().get(LEDGER);
        Answer exported = account.api().get(EXPORT);
        Answer sums = reconciled.join();
        String rest = halfway.readRest();
        agency.log.proxy().forward();

        // Then
        for (Answer answer : List.of(listed, exported, sums)) {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.error().path("message").asString())
                    .isEqualTo(Problem.LEDGER_UNREADABLE.sentence());
            assertThat(answer.error().path("retry_after").asInt()).isPositive();
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(answer.headers().firstValue("Content-Disposition")).isEmpty();
        }
        assertThat(rest).as("a file that is not whole").doesNotEndWith("\r\n0\r\n\r\n");
        for (String path : List.of(LEDGER, RECONCILE, EXPORT)) {
            await().atMost(TestAgency.SOON).until(() -> status(account, path) == 200);
        }
    }

    @Test
    void whoHangsUpDisturbsNobody() throws Exception {
        // Given
        Account account = large(5_000);

        // When
        for (int n = 0; n < 40; n++) {
            SlowDownload gone = new SlowDownload(account.api(), n % 2 == 0 ? LEDGER : EXPORT);
            gone.closeAfter(Duration.ofMillis(RANDOM.nextInt(30)));
        }

        // Then
        await().atMost(TestAgency.SOON).until(() -> status(account, EXPORT) == 200);
        assertThat(account.api().get(LEDGER).status()).isEqualTo(200);
        assertThat(pages(account, "limit=200")).hasSize(5_000);
    }

    private record Account(AccountId id, Api api) {

        TestMoney agent(Instant at) {
            return TestMoney.of(id, at, RANDOM);
        }

        List<LedgerEntry> life() {
            return agent(now().minusSeconds(RANDOM.nextInt(86_400))).life(RANDOM);
        }

        boolean owns(LedgerEntry entry) {
            return entry.accountId().equals(id);
        }

        Api with(Set<Scope> scopes) {
            return LedgerIT.api(id, EnumSet.copyOf(scopes));
        }
    }

    private static Account account() {
        AccountId id = new AccountId("ledger-" + UUID.randomUUID().toString().substring(0, 8));
        return new Account(id, api(id, EnumSet.of(Scope.BILLING_READ)));
    }

    /// An account with so many entries.
    private static Account large(int entries) {
        Account account = account();
        for (int left = entries; left > 0; left -= 5_000) {
            agency.append(
                    Stream.generate(() -> account.agent(now()).held(1))
                            .limit(Math.min(left, 5_000))
                            .toArray(LedgerEntry[]::new));
        }
        return account;
    }

    private static Api api(AccountId account, EnumSet<Scope> scopes) {
        return gateway.api()
                .with(agency.mint(account, KeyEnvironment.LIVE, scopes).text().reveal());
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    private static List<JsonNode> shown(Account account, List<LedgerEntry> ledger) {
        return ledger.stream()
                .filter(account::owns)
                .map(LedgerJson::of)
                // As it is read: how a number is written does not matter.
                .map(json -> WireJson.MAPPER.readTree(json.toString()))
                .toList();
    }

    private static List<JsonNode> pages(Account account, String query) {
        List<JsonNode> seen = new ArrayList<>();
        String cursor = null;
        do {
            String more = cursor == null ? "" : "&cursor=" + encoded(cursor);
            Answer page = account.api().get(LEDGER + "?" + query + more);
            assertThat(page.status()).as(page.body().toString()).isEqualTo(200);
            seen.addAll(elements(page.body().path("entries")));
            cursor = page.body().path("next_cursor").asString(null);
        } while (cursor != null);
        return seen;
    }

    private static List<Long> amounts(Account account, String query) {
        List<Long> amounts =
                new ArrayList<>(
                        pages(account, query).stream().map(e -> money(e).micros()).toList());
        Collections.reverse(amounts);
        return amounts;
    }

    private static Money money(JsonNode entry) {
        BigDecimal dollars = entry.path("amount").decimalValue();
        return Money.micros(dollars.movePointRight(6).longValueExact());
    }

    private static BigDecimal difference(Account account) {
        return account.api().get(RECONCILE).body().path("difference").decimalValue();
    }

    private static List<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static List<String> row(JsonNode entry) {
        String model = entry.path("model").asString();
        return List.of(
                entry.path("id").asString(),
                entry.path("at").asString(),
                entry.path("kind").asString(),
                entry.path("agent_id").asString(),
                entry.path("key_id").asString(),
                model.startsWith("=") ? "'" + model : model,
                entry.path("provider").asString(""),
                entry.path("attempt").asString(),
                entry.path("usage").path("input_tokens").asString(),
                entry.path("usage").path("output_tokens").asString(),
                money(entry).dollars().toPlainString(),
                entry.path("metering").asString(),
                entry.path("price").path("input_per_mtok").asString(""),
                entry.path("price").path("output_per_mtok").asString(""));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static int status(Account account, String path) {
        return Answered.of(account.api(), path).status();
    }

    private static Answered download(Account account, String query) {
        return Answered.of(account.api(), EXPORT + "?" + query);
    }

    private static String file(Account account, String query) {
        Answered answer = download(account, query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /// Reads CSV as RFC 4180 has it.
    private static List<List<String>> rows(String csv) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean isQuoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (isQuoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (isQuoted || (c != ',' && c != '\r')) {
                field.append(c);
            } else {
                row.add(field.toString());
                field.setLength(0);
                if (c == '\r') {
                    assertThat(csv.charAt(++i)).isEqualTo('\n');
                    rows.add(row);
                    row = new ArrayList<>();
                }
            }
        }
        assertThat(field).as("the last line is ended, too").isEmpty();
        return rows;
    }
}
